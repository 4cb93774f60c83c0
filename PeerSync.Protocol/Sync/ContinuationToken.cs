using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace PeerSync.Protocol.Sync;

/// <summary>
/// The token with which a device asks for the next page of a replay: up to which sequence number of the user's journal the page went. Opaque to clients,
/// authentic (HMAC-SHA256 under a key derived from the server's identity), good for one user and device, and for an hour.
/// </summary>
public static class ContinuationToken
{
    /// <summary>How long a token is valid, in milliseconds.</summary>
    public const long Lifetime = 60 * 60 * 1000;

    /// <summary>The length of a token in characters.</summary>
    public const int TextLength = 66;

    // Six bytes for an escape, and the quotes: no longer JSON string can be a token.
    internal const int MaxJsonLength = (6 * TextLength) + 2;

    private const byte Version = 1;

    private const int ContentSize = 1 + (2 * sizeof(long));

    private const int TokenSize = ContentSize + HMACSHA256.HashSizeInBytes;

    private const int MaxUserIdSize = 128;

    private const int DeviceIdSize = 16;

    /// <summary>Makes a token.</summary>
    /// <param name="identity">The server's identity.</param>
    /// <param name="userId">Whose journal it is about, of at most 128 bytes in UTF-8.</param>
    /// <param name="deviceId">The device that may use it.</param>
    /// <param name="sequenceNr">The sequence number of the last event of the page.</param>
    /// <param name="now">The time in milliseconds since 1970.</param>
    /// <exception cref="ArgumentException">The user id is too long.</exception>
    public static string Create(SyncServerIdentity identity, string userId, DeviceId deviceId, long sequenceNr, long now)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(userId);
        Span<byte> token = stackalloc byte[TokenSize];
        token[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(token[1..], sequenceNr);
        BinaryPrimitives.WriteInt64BigEndian(token[(1 + sizeof(long))..], now + Lifetime);
        Authenticate(identity, userId, deviceId, token[..ContentSize], token[ContentSize..]);
        return Base64Url.EncodeToString(token);
    }

    /// <summary>Reads a token. One that is not valid is to be treated as none.</summary>
    /// <param name="identity">The server's identity.</param>
    /// <param name="token">What the client sent, or null.</param>
    /// <param name="userId">The session's user.</param>
    /// <param name="deviceId">The session's device.</param>
    /// <param name="now">The time in milliseconds since 1970.</param>
    /// <param name="sequenceNr">The sequence number of the last event of the page before; 0 where refused.</param>
    /// <returns>False when it is malformed, forged, expired, or somebody else's.</returns>
    public static bool TryRead(SyncServerIdentity identity, string? token, string userId, DeviceId deviceId, long now, out long sequenceNr)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(userId);
        sequenceNr = 0;
        Span<byte> bytes = stackalloc byte[TokenSize];
        if (token is not { Length: TextLength } || !Identity.StrictBase64Url.TryDecode(token, bytes) || bytes[0] != Version)
        {
            return false;
        }

        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Authenticate(identity, userId, deviceId, bytes[..ContentSize], expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, bytes[ContentSize..])
            || BinaryPrimitives.ReadInt64BigEndian(bytes[(1 + sizeof(long))..]) < now)
        {
            return false;
        }

        sequenceNr = BinaryPrimitives.ReadInt64BigEndian(bytes[1..]);
        return true;
    }

    private static void Authenticate(SyncServerIdentity identity, string userId, DeviceId deviceId, ReadOnlySpan<byte> content, Span<byte> mac)
    {
        // Parts of fixed length first, so that no two inputs make the same text.
        Span<byte> text = stackalloc byte[ContentSize + DeviceIdSize + MaxUserIdSize];
        content.CopyTo(text);
        _ = deviceId.Value.TryWriteBytes(text[ContentSize..], bigEndian: true, out _);
        if (!Encoding.UTF8.TryGetBytes(userId, text[(ContentSize + DeviceIdSize)..], out var length))
        {
            throw new ArgumentException($"A user id has at most {MaxUserIdSize} bytes.", nameof(userId));
        }

        HMACSHA256.HashData(identity.ContinuationKey, text[..(ContentSize + DeviceIdSize + length)], mac);
    }
}
