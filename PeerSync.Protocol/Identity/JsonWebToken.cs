using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace PeerSync.Protocol.Identity;

/// <summary>A signed token in compact form (RFC 7515, section 7.1; RFC 7519), taken apart and not trusted until <see cref="Verify"/> says so.</summary>
/// <remarks>Immutable, and so thread-safe.</remarks>
public sealed class JsonWebToken
{
    /// <summary>The longest token that is looked at, in characters.</summary>
    public const int MaxLength = 16 * 1024;

    // The signing input as ASCII, the payload, the signature: one allocation a token.
    private readonly byte[] _bytes;
    private readonly int _payloadStart;
    private readonly int _signatureStart;

    private JsonWebToken(byte[] bytes, int payloadStart, int signatureStart, JoseHeader header)
    {
        _bytes = bytes;
        _payloadStart = payloadStart;
        _signatureStart = signatureStart;
        Algorithm = header.Algorithm;
        KeyId = header.KeyId;
    }

    /// <summary>What the header's <c>alg</c> claims. It never chooses how to verify: the key does, and this must then be the key's algorithm.</summary>
    public SignatureAlgorithm Algorithm { get; }

    /// <summary>The header's <c>kid</c>, at most 256 characters, or null.</summary>
    public string? KeyId { get; }

    /// <summary>The decoded payload.</summary>
    public ReadOnlySpan<byte> Payload => _bytes.AsSpan(_payloadStart, _signatureStart - _payloadStart);

    /// <summary>The decoded signature.</summary>
    public ReadOnlySpan<byte> Signature => _bytes.AsSpan(_signatureStart);

    /// <summary>What the signature covers: the ASCII of the first two parts and the dot between them.</summary>
    public ReadOnlySpan<byte> SigningInput => _bytes.AsSpan(0, _payloadStart);

    /// <summary>Takes a token apart. Nothing is thrown for what it contains.</summary>
    /// <param name="token">The compact form, without an authentication scheme.</param>
    /// <param name="result">The token; null where refused.</param>
    /// <returns>
    /// False unless there are exactly three parts of strict base64url, at most <see cref="MaxLength"/> characters, and a header that is one JSON object with
    /// a known <c>alg</c>, a <c>kid</c> that is text if there is one, neither of them twice, and no <c>crit</c>.
    /// </returns>
    public static bool TryParse(ReadOnlySpan<char> token, [NotNullWhen(true)] out JsonWebToken? result)
    {
        result = null;
        if (token.Length > MaxLength)
        {
            return false;
        }

        var firstDot = token.IndexOf('.');
        var lastDot = token.LastIndexOf('.');
        if (firstDot < 0 || lastDot == firstDot)
        {
            return false;
        }

        var headerText = token[..firstDot];
        var payloadText = token[(firstDot + 1)..lastDot];
        var signatureText = token[(lastDot + 1)..];
        var headerLength = StrictBase64Url.GetDecodedLength(headerText.Length);
        var payloadLength = StrictBase64Url.GetDecodedLength(payloadText.Length);
        var signatureLength = StrictBase64Url.GetDecodedLength(signatureText.Length);

        // The header is only needed here, so its bytes stand where the payload and the signature come to stand after it was read.
        var signatureStart = lastDot + payloadLength;
        var bytes = new byte[Math.Max(signatureStart + signatureLength, lastDot + headerLength)];
        var headerBytes = bytes.AsSpan(lastDot, headerLength);
        if (!StrictBase64Url.TryDecode(headerText, headerBytes)
            || !JoseHeader.TryRead(headerBytes, out var header)
            || !StrictBase64Url.TryDecode(payloadText, bytes.AsSpan(lastDot, payloadLength))
            || !StrictBase64Url.TryDecode(signatureText, bytes.AsSpan(signatureStart, signatureLength)))
        {
            return false;
        }

        Encoding.ASCII.GetBytes(token[..lastDot], bytes);
        if (bytes.Length > signatureStart + signatureLength)
        {
            Array.Resize(ref bytes, signatureStart + signatureLength);
        }

        result = new JsonWebToken(bytes, lastDot, signatureStart, header);
        return true;
    }

    /// <summary>Whether the token was signed with a key: the header names the key's algorithm and the signature is right.</summary>
    /// <param name="key">The key, which is pinned to one algorithm.</param>
    public bool Verify(VerificationKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Algorithm == Algorithm && key.Verify(SigningInput, Signature);
    }

    /// <summary>Reads the registered claims. They are worth nothing until <see cref="Verify"/> has said yes.</summary>
    /// <param name="claims">The claims; null where the payload is not a claims set.</param>
    public bool TryReadClaims([NotNullWhen(true)] out TokenClaims? claims) => TokenClaims.TryRead(Payload, out claims);
}
