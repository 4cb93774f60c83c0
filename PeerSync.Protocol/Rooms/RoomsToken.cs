using System.Security.Cryptography;
using System.Text.Json;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.Rooms;

/// <summary>What a room token says.</summary>
/// <param name="UserId">Whom it is for.</param>
/// <param name="RoomId">The one room that it opens.</param>
/// <param name="TokenId">Its own random name, by which it is revoked and audited.</param>
/// <param name="ExpiresAt">To the second.</param>
public sealed record RoomsTokenClaims(string UserId, string RoomId, string TokenId, DateTimeOffset ExpiresAt);

/// <summary>What became of a token's verification.</summary>
public enum RoomsTokenStatus
{
    /// <summary>Issued by this server and in time.</summary>
    Valid,

    /// <summary>Not one of this server's.</summary>
    Invalid,

    /// <summary>Issued by this server; its time is over.</summary>
    Expired,
}

/// <summary>Tokens for one user and one room: JSON Web Tokens under the server's secret, which they do not contain (Rooms contract, section 10).</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class RoomsTokens
{
    /// <summary>The longest token that is looked at, in characters.</summary>
    public const int MaxLength = 4096;

    private const string Audience = "octatecode";

    private readonly SigningKey _key;
    private readonly TimeProvider _time;

    /// <param name="key">An HS256 key.</param>
    /// <param name="lifetime">How long a token is valid.</param>
    /// <param name="time">The clock.</param>
    public RoomsTokens(SigningKey key, TimeSpan lifetime, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThan(lifetime, TimeSpan.FromSeconds(1));
        _key = key;
        _time = time;
        Lifetime = lifetime;
    }

    /// <summary>How long a token is valid.</summary>
    public TimeSpan Lifetime { get; }

    /// <summary>Issues a token.</summary>
    /// <param name="userId">Whom it is for.</param>
    /// <param name="roomId">The room.</param>
    /// <param name="claims">What it says.</param>
    public string Issue(string userId, string roomId, out RoomsTokenClaims claims)
    {
        var issuedAt = DateTimeOffset.FromUnixTimeSeconds(_time.GetUtcNow().ToUnixTimeSeconds());
        var issued = new RoomsTokenClaims(userId, roomId, RandomNumberGenerator.GetHexString(32, lowercase: true), issuedAt + Lifetime);
        claims = issued;
        return TokenWriter.Write(_key, writer =>
        {
            writer.WriteString("sub"u8, issued.UserId);
            writer.WriteString("room"u8, issued.RoomId);
            writer.WriteNumber("iat"u8, issuedAt.ToUnixTimeSeconds());
            writer.WriteNumber("exp"u8, issued.ExpiresAt.ToUnixTimeSeconds());
            writer.WriteString("jti"u8, issued.TokenId);
            writer.WriteString("aud"u8, Audience);
        });
    }

    /// <summary>Verifies a token. Nothing is thrown for what it contains.</summary>
    /// <param name="token">The compact form.</param>
    /// <param name="claims">What it says; null unless the result is <see cref="RoomsTokenStatus.Valid"/> or <see cref="RoomsTokenStatus.Expired"/>.</param>
    public RoomsTokenStatus Verify(ReadOnlySpan<char> token, out RoomsTokenClaims? claims)
    {
        claims = null;
        if (token.Length > MaxLength || !JsonWebToken.TryParse(token, out var parsed)
            || !parsed.Verify(_key.VerificationKey) || !parsed.TryReadClaims(out var registered))
        {
            return RoomsTokenStatus.Invalid;
        }

        var (room, tokenId) = ReadOwn(parsed.Payload);
        if (registered is not { Subject: { } subject, ExpiresAt: { } expiresAt } || !registered.Audiences.Contains(Audience)
            || !RoomsText.IsName(room) || tokenId is null)
        {
            return RoomsTokenStatus.Invalid;
        }

        claims = new RoomsTokenClaims(subject, room!, tokenId, expiresAt);
        return _time.GetUtcNow() < expiresAt ? RoomsTokenStatus.Valid : RoomsTokenStatus.Expired;
    }

    private static (string? RoomId, string? TokenId) ReadOwn(ReadOnlySpan<byte> payload)
    {
        string? room = null;
        string? tokenId = null;
        var reader = new Utf8JsonReader(payload, JsonSyntax.Options);
        reader.Read();
        while (JsonMember.TryRead(ref reader, payload, out var member))
        {
            if (member.Name.Is("room"u8))
            {
                room = member.Value.GetText();
            }
            else if (member.Name.Is("jti"u8))
            {
                tokenId = member.Value.GetText();
            }
        }

        return (room, tokenId);
    }
}
