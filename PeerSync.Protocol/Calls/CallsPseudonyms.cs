using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using PeerSync.Protocol.Identity;

namespace PeerSync.Protocol.Calls;

/// <summary>
/// The names under which devices see each other (Calls contract, section 12, flaw 1): whoever knows a device id can have a token for it, so nobody is told
/// another one's. A pseudonym is the device id sealed for the one who looks: the same each time for the same two, other for each other pair, and of use to
/// nobody but the server, which opens it without a table.
/// </summary>
/// <remarks>
/// <para>Thread-safe.</para>
/// <para>
/// Deterministic authenticated encryption in the manner of RFC 5297, with HMAC-SHA-256 for both halves: the synthetic nonce is the MAC of the plaintext (a tag of
/// the viewer, then the device id), cut to 128 bits, and the key stream is the MAC of nonce and block number under a second key. base64url of nonce and text.
/// </para>
/// </remarks>
public sealed class CallsPseudonyms
{
    /// <summary>The longest pseudonym, in characters: of a device id of <see cref="CallsDeviceId.MaxLength"/> units that takes three bytes each.</summary>
    public const int MaxLength = (NonceSize + ViewerSize + (CallsDeviceId.MaxLength * 3) + 2) / 3 * 4;

    private const int NonceSize = 16;
    private const int ViewerSize = 8;

    private readonly byte[] _nonceKey;
    private readonly byte[] _streamKey;
    private readonly byte[] _viewerKey;

    /// <param name="secret">What the keys are derived from; not empty. With another secret all pseudonyms are others.</param>
    /// <exception cref="ArgumentException">The secret is empty.</exception>
    public CallsPseudonyms(ReadOnlySpan<byte> secret)
    {
        if (secret.IsEmpty)
        {
            throw new ArgumentException("The secret is empty.", nameof(secret));
        }

        var material = secret.ToArray();
        _nonceKey = Derive(material, "peersync calls pseudonym nonce");
        _streamKey = Derive(material, "peersync calls pseudonym stream");
        _viewerKey = Derive(material, "peersync calls pseudonym viewer");
    }

    /// <summary>The name under which one device sees another.</summary>
    /// <param name="viewer">Who looks.</param>
    /// <param name="deviceId">Whom it sees.</param>
    public string Create(string viewer, string deviceId)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        ArgumentNullException.ThrowIfNull(deviceId);
        var bytes = new byte[NonceSize + ViewerSize + Encoding.UTF8.GetByteCount(deviceId)];
        var text = bytes.AsSpan(NonceSize);
        TagOf(viewer).CopyTo(text);
        Encoding.UTF8.GetBytes(deviceId, text[ViewerSize..]);
        NonceOf(text).CopyTo(bytes.AsSpan());
        ApplyStream(bytes.AsSpan(0, NonceSize), text);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Opens a pseudonym.</summary>
    /// <param name="viewer">Who says it.</param>
    /// <param name="text">What is said.</param>
    /// <param name="deviceId">The device, where it is a pseudonym that this device was told.</param>
    public bool TryOpen(string viewer, string text, [NotNullWhen(true)] out string? deviceId)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        deviceId = null;
        if (Decrypt(text) is not { } plain || !CryptographicOperations.FixedTimeEquals(plain.AsSpan(0, ViewerSize), TagOf(viewer)))
        {
            return false;
        }

        deviceId = Encoding.UTF8.GetString(plain.AsSpan(ViewerSize));
        return true;
    }

    /// <summary>Whether a text is a pseudonym, whoever was told it: nobody may have it for a device id.</summary>
    public bool IsPseudonym(string text) => Decrypt(text) is not null;

    private static byte[] Derive(byte[] secret, string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, salt: null, Encoding.ASCII.GetBytes(purpose));

    private byte[]? Decrypt(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaxLength || !StrictBase64Url.TryDecode(text, out var bytes) || bytes.Length <= NonceSize + ViewerSize)
        {
            return null;
        }

        var plain = bytes[NonceSize..];
        ApplyStream(bytes.AsSpan(0, NonceSize), plain);
        return CryptographicOperations.FixedTimeEquals(bytes.AsSpan(0, NonceSize), NonceOf(plain)) ? plain : null;
    }

    private ReadOnlySpan<byte> NonceOf(ReadOnlySpan<byte> plain) => HMACSHA256.HashData(_nonceKey, plain).AsSpan(0, NonceSize);

    private ReadOnlySpan<byte> TagOf(string viewer) => HMACSHA256.HashData(_viewerKey, Encoding.UTF8.GetBytes(viewer)).AsSpan(0, ViewerSize);

    private void ApplyStream(ReadOnlySpan<byte> nonce, Span<byte> text)
    {
        Span<byte> input = stackalloc byte[NonceSize + sizeof(int)];
        Span<byte> block = stackalloc byte[HMACSHA256.HashSizeInBytes];
        nonce.CopyTo(input);
        for (var at = 0; at < text.Length; at += block.Length)
        {
            BinaryPrimitives.WriteInt32BigEndian(input[NonceSize..], at / block.Length);
            HMACSHA256.HashData(_streamKey, input, block);
            var part = text[at..Math.Min(text.Length, at + block.Length)];
            for (var i = 0; i < part.Length; i++)
            {
                part[i] ^= block[i];
            }
        }
    }
}
