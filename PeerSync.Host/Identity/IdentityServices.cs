using System.Security.Cryptography;
using System.Text;
using PeerSync.Actors.Identity;
using PeerSync.Protocol.Identity;

namespace PeerSync.Host.Identity;

/// <summary>The verifier of a server with all that it stands on.</summary>
internal sealed class IdentityServices : IAsyncDisposable
{
    private readonly JsonWebKeySetCache? _keySet;
    private readonly int _fixedKeyCount;

    private IdentityServices(TokenVerifier verifier, JsonWebKeySetCache? keySet, int fixedKeyCount, LocalKeys? localKeys, TokenMinter? minter)
    {
        Verifier = verifier;
        _keySet = keySet;
        _fixedKeyCount = fixedKeyCount;
        LocalKeys = localKeys;
        Minter = minter;
    }

    /// <summary>The one verifier of every feature.</summary>
    public ITokenVerifier Verifier { get; }

    /// <summary>The installation's own keys, or null. Says where a development key is and whether it was made just then.</summary>
    public LocalKeys? LocalKeys { get; }

    /// <summary>Issues tokens of the local issuer; null without a private key.</summary>
    public TokenMinter? Minter { get; }

    /// <summary>Builds the verifier. Nothing is fetched before <see cref="Start"/> or the first token that needs it.</summary>
    /// <exception cref="IdentityConfigurationException">Settings are missing or wrong; it tells them all.</exception>
    public static IdentityServices Create(IdentityOptions options, TimeProvider timeProvider, ILoggerFactory loggerFactory)
    {
        var faults = new List<string>();
        var issuers = new List<TokenIssuer>();
        if (options.ClockSkew < TimeSpan.Zero || options.ClockSkew > IdentityOptions.MaxClockSkew)
        {
            faults.Add($"The clock skew must lie between zero and {IdentityOptions.MaxClockSkew.TotalMinutes} minutes.");
        }

        if (options.Local.TokenLifetime <= TimeSpan.Zero || options.Local.TokenLifetime > TokenLifetime.Max)
        {
            faults.Add($"JWT_EXPIRATION must be longer than nothing and at most {TokenLifetime.Max.Days} days.");
        }

        var secret = ReadSecret(options.Supabase, faults);
        var keySetAddress = ReadKeySetAddress(options.Supabase, faults);
        LocalKeys? localKeys = null;
        try
        {
            localKeys = LocalKeys.Resolve(options);
        }
        catch (IdentityConfigurationException exception)
        {
            faults.AddRange(exception.Faults);
        }

        if (localKeys is not null)
        {
            issuers.Add(new TokenIssuer(options.Local.Issuer, options.Local.Audience, TokenClaimsKind.Local) { FixedKey = localKeys.VerificationKey });
            if (options.Supabase.IsConfigured && options.Local.Issuer == options.Supabase.Issuer)
            {
                faults.Add("JWT_ISSUER must differ from the issuer of the Supabase project.");
            }
        }
        else if (faults.Count == 0 && !options.Supabase.IsConfigured)
        {
            faults.Add(
                "There is no key to verify tokens with. In production set SUPABASE_URL (with SUPABASE_JWT_SECRET for HS256 tokens), "
                    + "or JWT_PUBLIC_KEY or JWT_PUBLIC_KEY_PATH, or both.");
        }

        if (faults.Count > 0)
        {
            throw new IdentityConfigurationException(faults);
        }

        JsonWebKeySetCache? keySet = null;
        if (keySetAddress is not null)
        {
            keySet = new JsonWebKeySetCache(keySetAddress, options.Supabase.KeySet, timeProvider, loggerFactory.CreateLogger<JsonWebKeySetCache>());
            issuers.Add(new TokenIssuer(options.Supabase.Issuer, options.Supabase.Audience, TokenClaimsKind.Supabase) { FixedKey = secret, KeySet = keySet });
        }

        var minter = localKeys?.SigningKey is { } signingKey ? new TokenMinter(signingKey, options.Local, timeProvider) : null;
        var fixedKeyCount = issuers.Count(issuer => issuer.FixedKey is not null);
        return new IdentityServices(new TokenVerifier(issuers, options.ClockSkew, timeProvider), keySet, fixedKeyCount, localKeys, minter);
    }

    /// <summary>Begins to fetch the published keys, if there are any to fetch.</summary>
    public void Start() => _keySet?.Start();

    /// <summary>Whether tokens can be verified at this moment. Cheap; asks nobody.</summary>
    public IdentityReadiness GetReadiness()
    {
        var keySet = _keySet?.State;
        return new IdentityReadiness(_fixedKeyCount > 0 || keySet is { KeyCount: > 0 }, _fixedKeyCount, keySet);
    }

    public ValueTask DisposeAsync() => _keySet?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static VerificationKey? ReadSecret(SupabaseIssuerOptions options, List<string> faults)
    {
        if (string.IsNullOrEmpty(options.JwtSecret))
        {
            return null;
        }

        if (!options.IsConfigured)
        {
            faults.Add("SUPABASE_JWT_SECRET needs SUPABASE_URL, which names the issuer of the tokens.");
        }

        try
        {
            return VerificationKey.Hs256(Encoding.UTF8.GetBytes(options.JwtSecret));
        }
        catch (CryptographicException)
        {
            faults.Add($"SUPABASE_JWT_SECRET has fewer than {VerificationKey.MinSecretLength} bytes.");
            return null;
        }
    }

    private static Uri? ReadKeySetAddress(SupabaseIssuerOptions options, List<string> faults)
    {
        if (!options.IsConfigured)
        {
            return null;
        }

        if (Uri.TryCreate(options.KeySetAddress, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp))
        {
            return address;
        }

        faults.Add("SUPABASE_URL is not an absolute http or https address.");
        return null;
    }
}
