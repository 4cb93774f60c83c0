using System.Buffers;
using System.Text;
using System.Text.Json;
using PeerSync.Protocol.Sharing;
using PeerSync.Storage.Sharing;

namespace PeerSync.Host.Sharing;

/// <summary>The body of a registration (Sharing contract, section 3).</summary>
internal static class SharingDeviceInput
{
    private const string DefaultAlgorithm = "ECDH-P-256";

    // The private and secret parts of all kinds of keys (RFC 7518, section 6; RFC 8037).
    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    /// <summary>Reads a device.</summary>
    /// <returns>Null where anything is missing or wrong.</returns>
    public static NewSharingDevice? Read(JsonElement body)
    {
        if (SharingInput.Text(body, "deviceId", SharingDevice.MaxIdLength) is not { } deviceId
            || SharingInput.TextOr(body, "algorithm", SharingDevice.MaxAlgorithmLength, DefaultAlgorithm) is not { } algorithm
            || !body.TryGetProperty("encryptionPublicKeyJwk", out var encryption)
            || !SharingPublicKey.TryRead(encryption, out var key)
            || !TryReadSigningKey(body, out var signingKey))
        {
            return null;
        }

        // Written anew: a member such as "use" or "ext" would make the import fail in the clients of all who share with this device.
        return new NewSharingDevice(deviceId, key.Json, key.Thumbprint, signingKey, algorithm);
    }

    // No client imports these, so they may be of any kind; but never secret.
    private static bool TryReadSigningKey(JsonElement body, out string? text)
    {
        text = null;
        if (!body.TryGetProperty("signingPublicKeyJwk", out var key) || key.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        if (key.ValueKind != JsonValueKind.Object || Array.Exists(PrivateMembers, name => key.TryGetProperty(name, out _)))
        {
            return false;
        }

        var compact = new ArrayBufferWriter<byte>(256);
        try
        {
            using var writer = new Utf8JsonWriter(compact);
            key.WriteTo(writer);
        }
        catch (InvalidOperationException)
        {
            // A half character, which only JSON's grammar allows.
            return false;
        }

        if (compact.WrittenCount > SharingPublicKey.MaxLength)
        {
            return false;
        }

        text = Encoding.UTF8.GetString(compact.WrittenSpan);
        return true;
    }
}
