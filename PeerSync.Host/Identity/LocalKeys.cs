using System.Security.Cryptography;
using PeerSync.Protocol.Identity;

namespace PeerSync.Host.Identity;

/// <summary>The RSA key that verifies, and perhaps signs, the tokens of this installation.</summary>
internal sealed class LocalKeys
{
    private LocalKeys(VerificationKey verificationKey, SigningKey? signingKey)
    {
        VerificationKey = verificationKey;
        SigningKey = signingKey;
    }

    /// <summary>The RS256 key that verifies.</summary>
    public VerificationKey VerificationKey { get; }

    /// <summary>The RS256 key that signs; null where only the public key is configured.</summary>
    public SigningKey? SigningKey { get; }

    /// <summary>The file that a development key is kept in; null where the keys are configured.</summary>
    public string? DevelopmentKeyPath { get; private init; }

    /// <summary>Whether the development key was made just then, so that it should be announced.</summary>
    public bool WasGenerated { get; private init; }

    /// <summary>
    /// Finds the keys that a server with these options uses: the configured ones; else, outside production and without any other issuer, the development key.
    /// </summary>
    /// <returns>Null where there are none.</returns>
    /// <exception cref="IdentityConfigurationException">The configured keys or the development key cannot be used.</exception>
    public static LocalKeys? Resolve(IdentityOptions options)
    {
        if (Load(options.Local) is { } configured)
        {
            return configured;
        }

        if (options.Production || options.Supabase.IsConfigured)
        {
            return null;
        }

        var development = DevelopmentKey.LoadOrCreate(options.DataFolder);
        var signingKey = SigningKey.Rs256(development.Parameters);
        return new LocalKeys(signingKey.VerificationKey, signingKey) { DevelopmentKeyPath = development.Path, WasGenerated = development.WasGenerated };
    }

    /// <summary>Loads the configured keys.</summary>
    /// <returns>Null where none are configured.</returns>
    /// <exception cref="IdentityConfigurationException">A key cannot be read or used, or the two do not belong together.</exception>
    public static LocalKeys? Load(LocalIssuerOptions options)
    {
        var publicText = ReadText(options.PublicKey, options.PublicKeyPath, LocalIssuerOptions.DefaultPublicKeyPath, "JWT_PUBLIC_KEY");
        var privateText = ReadText(options.PrivateKey, options.PrivateKeyPath, LocalIssuerOptions.DefaultPrivateKeyPath, "JWT_PRIVATE_KEY");
        RSAParameters? publicKey = publicText is { } p ? RsaKeyText.ReadPublic(p.Text, p.Setting) : null;
        RSAParameters? privateKey = privateText is { } s ? RsaKeyText.ReadPrivate(s.Text, s.Setting) : null;
        if (publicKey is { } a && privateKey is { } b && !(a.Modulus.AsSpan().SequenceEqual(b.Modulus) && a.Exponent.AsSpan().SequenceEqual(b.Exponent)))
        {
            throw new IdentityConfigurationException($"{publicText!.Value.Setting} and {privateText!.Value.Setting} are not a pair.");
        }

        try
        {
            if (privateKey is not null)
            {
                var signingKey = SigningKey.Rs256(privateKey.Value);
                return new LocalKeys(signingKey.VerificationKey, signingKey);
            }

            return publicKey is null ? null : new LocalKeys(VerificationKey.Rs256(publicKey.Value), null);
        }
        catch (CryptographicException exception)
        {
            throw new IdentityConfigurationException($"{(publicText ?? privateText)!.Value.Setting} cannot be used: {exception.Message}");
        }
    }

    private static (string Text, string Setting)? ReadText(string? value, string? path, string defaultPath, string setting)
    {
        if (!string.IsNullOrWhiteSpace(value))
        {
            return (value, setting);
        }

        if (string.IsNullOrWhiteSpace(path))
        {
            if (!File.Exists(defaultPath))
            {
                return null;
            }

            path = defaultPath;
        }

        var pathSetting = setting + "_PATH";
        try
        {
            return (File.ReadAllText(path), pathSetting);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IdentityConfigurationException($"{pathSetting}: the file '{path}' cannot be read ({exception.GetType().Name}).");
        }
    }
}
