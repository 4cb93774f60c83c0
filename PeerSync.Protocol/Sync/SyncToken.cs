using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Cryptography;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.Sync;

/// <summary>The bearer tokens of the Sync feature: JSON Web Tokens whose <c>alg</c> is <c>Ed25519</c>, signed by the server's identity.</summary>
public static class SyncToken
{
    /// <summary>How long a token is valid, in seconds.</summary>
    public const int Lifetime = 60 * 60;

    /// <summary>The longest token that is looked at, in characters.</summary>
    public const int MaxLength = 1024;

    /// <summary>The length of a token id in hex digits.</summary>
    public const int TokenIdLength = 32;

    // {"alg":"Ed25519","typ":"JWT"}: the only header there is, compared as a whole, so that no token says how it is to be verified.
    private const string Header = "eyJhbGciOiJFZDI1NTE5IiwidHlwIjoiSldUIn0.";

    private const int SignatureTextLength = 86;

    /// <summary>Makes a token.</summary>
    /// <param name="identity">Signs it.</param>
    /// <param name="claims">What it says.</param>
    public static string Create(SyncServerIdentity identity, SyncTokenClaims claims)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(claims);
        var payload = MessageBuffer.Rent();
        WriteClaims(payload, claims);
        var input = string.Concat(Header, Base64Url.EncodeToString(payload.Span));
        payload.Release();
        Span<byte> signature = stackalloc byte[Ed25519.SignatureSize];
        identity.Sign(Encoding.ASCII.GetBytes(input), signature);
        return string.Concat(input, ".", Base64Url.EncodeToString(signature));
    }

    /// <summary>Makes a token with an id of its own.</summary>
    /// <param name="identity">Signs it.</param>
    /// <param name="userId">Whom it is for: 64 hex digits in lower case.</param>
    /// <param name="now">The time.</param>
    /// <param name="claims">What it says.</param>
    public static string Create(SyncServerIdentity identity, string userId, DateTimeOffset now, out SyncTokenClaims claims)
    {
        var issuedAt = now.ToUnixTimeSeconds();
        claims = new SyncTokenClaims(userId, issuedAt, issuedAt + Lifetime, RandomNumberGenerator.GetHexString(TokenIdLength, lowercase: true));
        return Create(identity, claims);
    }

    /// <summary>Verifies a token. Nothing is thrown for what it contains.</summary>
    /// <param name="identity">Must have signed it.</param>
    /// <param name="token">The compact form, without an authentication scheme.</param>
    /// <param name="now">The time.</param>
    /// <param name="claims">What it says; null unless the result is <see cref="SyncTokenStatus.Valid"/>.</param>
    public static SyncTokenStatus Verify(SyncServerIdentity identity, ReadOnlySpan<char> token, DateTimeOffset now, out SyncTokenClaims? claims)
    {
        ArgumentNullException.ThrowIfNull(identity);
        claims = null;
        var lastDot = token.Length - SignatureTextLength - 1;
        if (token.Length > MaxLength || lastDot <= Header.Length || !token.StartsWith(Header, StringComparison.Ordinal) || token[lastDot] != '.')
        {
            return SyncTokenStatus.InvalidFormat;
        }

        var payloadText = token[Header.Length..lastDot];
        Span<byte> signature = stackalloc byte[Ed25519.SignatureSize];
        if (!StrictBase64Url.TryDecode(token[(lastDot + 1)..], signature) || !TryDecode(payloadText, out var payload))
        {
            return SyncTokenStatus.InvalidFormat;
        }

        Span<byte> input = stackalloc byte[MaxLength];
        var length = Encoding.ASCII.GetBytes(token[..lastDot], input);
        if (!identity.Verify(input[..length], signature))
        {
            return SyncTokenStatus.InvalidSignature;
        }

        if (!TryReadClaims(payload, out var read))
        {
            return SyncTokenStatus.InvalidPayload;
        }

        if (read.ExpiresAt < now.ToUnixTimeSeconds())
        {
            return SyncTokenStatus.Expired;
        }

        claims = read;
        return SyncTokenStatus.Valid;
    }

    private static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes) => StrictBase64Url.TryDecode(text, out bytes);

    private static void WriteClaims(MessageBuffer output, SyncTokenClaims claims)
    {
        output.Write("{\"user_id\":"u8);
        output.WriteString(claims.UserId);
        output.Write(",\"iat\":"u8);
        output.WriteInteger(claims.IssuedAt);
        output.Write(",\"exp\":"u8);
        output.WriteInteger(claims.ExpiresAt);
        output.Write(",\"jti\":"u8);
        output.WriteString(claims.TokenId);
        output.Write("}"u8);
    }

    private static bool TryReadClaims(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out SyncTokenClaims? claims)
    {
        claims = null;
        string? userId = null;
        string? tokenId = null;
        long? issuedAt = null;
        long? expiresAt = null;
        try
        {
            var reader = new Utf8JsonReader(payload);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (JsonMember.TryRead(ref reader, payload, out var member))
            {
                if (member.Name.Is("user_id"u8))
                {
                    userId = member.Value.GetText();
                }
                else if (member.Name.Is("jti"u8))
                {
                    tokenId = member.Value.GetText();
                }
                else if (member.Name.Is("iat"u8))
                {
                    issuedAt = ReadTime(member.Value);
                }
                else if (member.Name.Is("exp"u8))
                {
                    expiresAt = ReadTime(member.Value);
                }
            }

            _ = reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }

        if (!SyncText.IsHex(userId, 2 * Ed25519.PublicKeySize) || !SyncText.IsHex(tokenId, TokenIdLength) || issuedAt is null || expiresAt is null)
        {
            return false;
        }

        claims = new SyncTokenClaims(userId!.ToLowerInvariant(), issuedAt.Value, expiresAt.Value, tokenId!);
        return true;
    }

    private static long? ReadTime(JsonValue value) =>
        SyncText.TryGetNumber(value, out var seconds) && double.IsInteger(seconds) && seconds is >= 0 and <= SyncText.MaxSafeInteger
            ? (long)seconds
            : null;
}
