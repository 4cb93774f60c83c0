using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace PeerSync.Protocol.Sharing;

/// <summary>
/// A text that only one client can read: AES-256-GCM under the raw x coordinate of an ECDH agreement with a key made for this one text (Sharing contract, section
/// 2.5). The private half is gone once it is sealed.
/// </summary>
/// <remarks>Immutable, and so thread-safe.</remarks>
public sealed class SharingSealedText
{
    private const int IvLength = 12;
    private const int TagLength = 16;
    private const int CoordinateLength = 32;

    private readonly string _x;
    private readonly string _y;
    private readonly string _iv;
    private readonly string _ciphertext;

    private SharingSealedText(ECPoint server, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> ciphertext)
    {
        _x = Coordinate(server.X!);
        _y = Coordinate(server.Y!);
        _iv = Base64Url.EncodeToString(iv);
        _ciphertext = Base64Url.EncodeToString(ciphertext);
    }

    /// <summary>Seals a text.</summary>
    /// <param name="client">Who shall read it.</param>
    /// <param name="utf8">The text.</param>
    public static SharingSealedText Seal(SharingPublicKey client, ReadOnlySpan<byte> utf8)
    {
        ArgumentNullException.ThrowIfNull(client);
        using var own = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = client.Point });
        using var otherPublic = other.PublicKey;
        var key = own.DeriveRawSecretAgreement(otherPublic);
        try
        {
            var iv = RandomNumberGenerator.GetBytes(IvLength);
            var ciphertext = new byte[utf8.Length + TagLength];
            using var cipher = new AesGcm(key, TagLength);
            cipher.Encrypt(iv, utf8, ciphertext.AsSpan(0, utf8.Length), ciphertext.AsSpan(utf8.Length));
            return new SharingSealedText(own.ExportParameters(includePrivateParameters: false).Q, iv, ciphertext);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Writes the members <c>serverPublicKeyJwk</c> and <c>payload</c> of the object that the writer stands in.</summary>
    public void WriteMembers(Utf8JsonWriter writer)
    {
        WriteServerKey(writer);
        writer.WriteStartObject("payload"u8);
        writer.WriteString("ivB64u"u8, _iv);
        writer.WriteString("ciphertextB64u"u8, _ciphertext);
        writer.WriteEndObject();
    }

    /// <summary>Writes the member <c>serverPublicKeyJwk</c> alone. Clients import it as it is, extractable and without usages.</summary>
    public void WriteServerKey(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject("serverPublicKeyJwk"u8);
        writer.WriteString("crv"u8, "P-256"u8);
        writer.WriteBoolean("ext"u8, true);
        writer.WriteStartArray("key_ops"u8);
        writer.WriteEndArray();
        writer.WriteString("kty"u8, "EC"u8);
        writer.WriteString("x"u8, _x);
        writer.WriteString("y"u8, _y);
        writer.WriteEndObject();
    }

    private static string Coordinate(byte[] coordinate)
    {
        var padded = new byte[CoordinateLength];
        coordinate.CopyTo(padded.AsSpan(CoordinateLength - coordinate.Length));
        return Base64Url.EncodeToString(padded);
    }
}
