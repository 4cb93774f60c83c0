using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.Sharing;

/// <summary>What a token is good for; each is refused in the other's place.</summary>
public enum SharingTokenKind
{
    /// <summary>Opens the protected routes and the feed.</summary>
    Access,

    /// <summary>Is exchanged for two new tokens.</summary>
    Refresh,
}

/// <summary>What a token says.</summary>
/// <param name="UserId">Whose it is.</param>
/// <param name="SessionId">The login that it belongs to.</param>
/// <param name="Generation">How often the login had been renewed when a refresh token was issued; 0 in access tokens.</param>
/// <param name="IssuedAt">To the second.</param>
/// <param name="ExpiresAt">To the second.</param>
public sealed record SharingTokenClaims(string UserId, string SessionId, long Generation, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt);

/// <summary>
/// Tokens of users: JSON Web Tokens signed with HS256, whose first claims are byte for byte those of the original (Sharing contract, section 1.3). Behind them stand
/// <c>sid</c>, the session, and in refresh tokens <c>gen</c>, its generation.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public sealed class SharingTokens
{
    /// <summary>The longest token that is looked at, in characters.</summary>
    public const int MaxLength = 2048;

    private readonly SigningKey _key;
    private readonly TimeSpan _clockSkew;
    private readonly TimeProvider _time;

    /// <param name="key">An HS256 key.</param>
    /// <param name="accessLifetime">How long an access token is valid, at least a second; whole seconds count.</param>
    /// <param name="refreshLifetime">The same of a refresh token.</param>
    /// <param name="clockSkew">How far ahead the clock of another server may be that has issued a token.</param>
    /// <param name="time">The clock.</param>
    public SharingTokens(SigningKey key, TimeSpan accessLifetime, TimeSpan refreshLifetime, TimeSpan clockSkew, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThan(accessLifetime, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(refreshLifetime, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(clockSkew, TimeSpan.Zero);
        _key = key;
        _clockSkew = clockSkew;
        _time = time;
        AccessLifetime = accessLifetime;
        RefreshLifetime = refreshLifetime;
    }

    /// <summary>How long an access token is valid.</summary>
    public TimeSpan AccessLifetime { get; }

    /// <summary>How long a refresh token is valid.</summary>
    public TimeSpan RefreshLifetime { get; }

    /// <summary>Issues an access token; two calls within one second give the same one.</summary>
    /// <param name="userId">Whose it is: letters and digits.</param>
    /// <param name="sessionId">The login: letters and digits.</param>
    public string IssueAccess(string userId, string sessionId) => Issue("access", AccessLifetime, userId, sessionId, string.Empty);

    /// <summary>Issues a refresh token.</summary>
    /// <param name="userId">Whose it is: letters and digits.</param>
    /// <param name="sessionId">The login: letters and digits.</param>
    /// <param name="generation">The login's generation, not negative.</param>
    public string IssueRefresh(string userId, string sessionId, long generation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(generation);
        return Issue("refresh", RefreshLifetime, userId, sessionId, string.Create(CultureInfo.InvariantCulture, $",\"gen\":{generation}"));
    }

    /// <summary>Verifies a token. Nothing is thrown for what it contains.</summary>
    /// <param name="token">The compact form.</param>
    /// <param name="kind">What it has to be good for.</param>
    /// <param name="claims">What it says; null where refused.</param>
    /// <returns>Whether this server's secret has signed it as one of that kind, it has begun and not ended, and it names a user and a session.</returns>
    public bool TryVerify(ReadOnlySpan<char> token, SharingTokenKind kind, [NotNullWhen(true)] out SharingTokenClaims? claims)
    {
        claims = null;
        if (token.Length > MaxLength
            || !JsonWebToken.TryParse(token, out var parsed)
            || !parsed.Verify(_key.VerificationKey)
            || !parsed.TryReadClaims(out var registered)
            || registered is not { Subject: { } userId, ExpiresAt: { } expiresAt, IssuedAt: { } issuedAt })
        {
            return false;
        }

        var now = _time.GetUtcNow();
        var latest = now + _clockSkew;
        if (now >= expiresAt || issuedAt > latest || registered.NotBefore > latest)
        {
            return false;
        }

        var own = ReadOwn(parsed.Payload);
        var isRefresh = kind == SharingTokenKind.Refresh;
        if (own.Kind != (isRefresh ? "refresh" : "access") || string.IsNullOrEmpty(own.SessionId) || (isRefresh && own.Generation is null))
        {
            return false;
        }

        claims = new SharingTokenClaims(userId, own.SessionId, own.Generation ?? 0, issuedAt, expiresAt);
        return true;
    }

    private static (string? Kind, string? SessionId, long? Generation) ReadOwn(ReadOnlySpan<byte> payload)
    {
        string? kind = null;
        string? sessionId = null;
        long? generation = null;
        var reader = new Utf8JsonReader(payload, JsonSyntax.Options);
        reader.Read();
        while (JsonMember.TryRead(ref reader, payload, out var member))
        {
            if (member.Name.Is("typ"u8))
            {
                kind = member.Value.GetText();
            }
            else if (member.Name.Is("sid"u8))
            {
                sessionId = member.Value.GetText();
            }
            else if (member.Name.Is("gen"u8) && long.TryParse(member.Value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                generation = number;
            }
        }

        return (kind, sessionId, generation);
    }

    // An id that needed an escape in JSON would be a claim of its own.
    private static void RequireId(string id, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(id, name);
        if (!id.All(char.IsAsciiLetterOrDigit))
        {
            throw new ArgumentException("An id has letters and digits alone.", name);
        }
    }

    private string Issue(string kind, TimeSpan lifetime, string userId, string sessionId, string further)
    {
        RequireId(userId, nameof(userId));
        RequireId(sessionId, nameof(sessionId));
        var issuedAt = _time.GetUtcNow().ToUnixTimeSeconds();
        var payload = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"iat":{{issuedAt}},"exp":{{issuedAt + (long)lifetime.TotalSeconds}},"sub":"{{userId}}","typ":"{{kind}}","sid":"{{sessionId}}"{{further}}}""");
        return TokenWriter.Write(_key, Encoding.UTF8.GetBytes(payload));
    }
}
