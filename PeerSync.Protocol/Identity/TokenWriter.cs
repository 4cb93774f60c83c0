using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace PeerSync.Protocol.Identity;

/// <summary>Writes signed tokens in compact form (RFC 7515, section 7.1).</summary>
public static class TokenWriter
{
    /// <summary>Writes and signs a token whose header is <c>alg</c>, <c>typ</c> and, if named, <c>kid</c>.</summary>
    /// <param name="key">The key to sign with.</param>
    /// <param name="writeClaims">Writes the claims; the object around them is written for it.</param>
    /// <param name="keyId">The name that the key is published under, or null.</param>
    public static string Write(SigningKey key, Action<Utf8JsonWriter> writeClaims, string? keyId = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(writeClaims);
        var payload = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(payload))
        {
            writer.WriteStartObject();
            writeClaims(writer);
            writer.WriteEndObject();
        }

        return Write(key, payload.WrittenSpan, keyId);
    }

    /// <summary>Writes and signs a token with a payload made elsewhere.</summary>
    /// <param name="key">The key to sign with.</param>
    /// <param name="payload">The payload's bytes.</param>
    /// <param name="keyId">The name that the key is published under, or null.</param>
    public static string Write(SigningKey key, ReadOnlySpan<byte> payload, string? keyId = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        var header = new ArrayBufferWriter<byte>(64);
        using (var writer = new Utf8JsonWriter(header))
        {
            writer.WriteStartObject();
            writer.WriteString("alg"u8, key.Algorithm.ToName());
            writer.WriteString("typ"u8, "JWT"u8);
            if (keyId is not null)
            {
                writer.WriteString("kid"u8, keyId);
            }

            writer.WriteEndObject();
        }

        var input = string.Concat(Base64Url.EncodeToString(header.WrittenSpan), ".", Base64Url.EncodeToString(payload));
        return string.Concat(input, ".", Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(input))));
    }
}
