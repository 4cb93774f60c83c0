using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.Sharing;

/// <summary>A device's public key: a JSON Web Key (RFC 7517) that is a point on P-256 (RFC 7518, section 6.2).</summary>
/// <remarks>Immutable, and so thread-safe.</remarks>
public sealed class SharingPublicKey
{
    /// <summary>The longest text of a key that is looked at, in bytes.</summary>
    public const int MaxLength = 2048;

    private const int CoordinateCharacters = 43;

    private SharingPublicKey(string x, string y, ECPoint point)
    {
        Point = point;
        Json = $$"""{"x":"{{x}}","y":"{{y}}","crv":"P-256","ext":true,"kty":"EC","key_ops":[]}""";
        Thumbprint = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""")));
    }

    /// <summary>The SHA-256 thumbprint (RFC 7638): base64url without padding, 43 characters, equal for two texts exactly if they are the same key.</summary>
    public string Thumbprint { get; }

    /// <summary>
    /// The key as clients import it: extractable and without usages. It has nothing of the text that was read but the point, so that no member of that text can
    /// make an import fail.
    /// </summary>
    public string Json { get; }

    /// <summary>The point, each coordinate 32 bytes.</summary>
    internal ECPoint Point { get; }

    /// <summary>Reads a key. Nothing is thrown for what it contains.</summary>
    /// <param name="json">The value's text, UTF-8.</param>
    /// <param name="key">The key; null where refused.</param>
    /// <returns>
    /// False unless the text is one JSON object of at most <see cref="MaxLength"/> bytes with <c>kty</c>, <c>crv</c>, <c>x</c> and <c>y</c> of a point on P-256,
    /// none of them twice, and without a private part. Other members are not looked at.
    /// </returns>
    public static bool TryRead(ReadOnlySpan<byte> json, [NotNullWhen(true)] out SharingPublicKey? key)
    {
        key = null;
        if (json.Length > MaxLength)
        {
            return false;
        }

        try
        {
            return TryReadCore(json, out key);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or CryptographicException)
        {
            // Not JSON, text that is no Unicode, or a point beside the curve.
            return false;
        }
    }

    /// <summary>Reads a key from a document.</summary>
    /// <inheritdoc cref="TryRead(ReadOnlySpan{byte}, out SharingPublicKey?)"/>
    public static bool TryRead(JsonElement json, [NotNullWhen(true)] out SharingPublicKey? key)
    {
        key = null;
        return json.ValueKind == JsonValueKind.Object && TryRead(JsonMarshal.GetRawUtf8Value(json), out key);
    }

    private static bool TryReadCore(ReadOnlySpan<byte> json, [NotNullWhen(true)] out SharingPublicKey? key)
    {
        key = null;
        var reader = new Utf8JsonReader(json, JsonSyntax.Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        string? type = null;
        string? curve = null;
        string? x = null;
        string? y = null;
        var isFit = true;
        while (JsonMember.TryRead(ref reader, json, out var member))
        {
            if (member.Name.Is("kty"u8))
            {
                isFit &= TryTake(member.Value, ref type);
            }
            else if (member.Name.Is("crv"u8))
            {
                isFit &= TryTake(member.Value, ref curve);
            }
            else if (member.Name.Is("x"u8))
            {
                isFit &= TryTake(member.Value, ref x);
            }
            else if (member.Name.Is("y"u8))
            {
                isFit &= TryTake(member.Value, ref y);
            }
            else if (member.Name.Is("d"u8))
            {
                isFit = false;
            }
        }

        if (reader.Read() || !isFit || type != "EC" || curve != "P-256" || x?.Length != CoordinateCharacters || y?.Length != CoordinateCharacters
            || !StrictBase64Url.TryDecode(x, out var xBytes) || !StrictBase64Url.TryDecode(y, out var yBytes))
        {
            return false;
        }

        var point = new ECPoint { X = xBytes, Y = yBytes };

        // The import checks that the point lies on the curve.
        using var agreement = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point });
        key = new SharingPublicKey(x, y, point);
        return true;
    }

    private static bool TryTake(JsonValue value, ref string? member)
    {
        var isFirst = member is null;
        member = value.GetText();
        return isFirst && member is not null;
    }
}
