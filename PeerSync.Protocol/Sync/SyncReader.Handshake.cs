using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using PeerSync.Protocol.Cryptography;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.Sync;

public static partial class SyncReader
{
    private const int NonceLength = 64;

    // Longer ones are never decoded: before login nobody is worth the memory.
    private const int MaxFieldLength = 1024;

    private const int UserIdLength = 2 * Ed25519.PublicKeySize;

    /// <summary>Reads the content of <c>client_hello</c>; its ephemeral key is checked to be a point on the curve.</summary>
    /// <param name="envelope">A message of that type.</param>
    /// <param name="hello">The content; null where refused.</param>
    /// <param name="refusal">What to close with where refused.</param>
    public static bool TryReadClientHello(in SyncEnvelope envelope, [NotNullWhen(true)] out ClientHello? hello, out SyncClose refusal)
    {
        hello = null;
        var key = default(JsonValue);
        var nonce = default(JsonValue);
        var reader = OpenObject(envelope.Body);
        while (JsonMember.TryRead(ref reader, envelope.Body, out var member))
        {
            if (member.Name.Is("client_ephemeral_pub"u8))
            {
                key = member.Value;
            }
            else if (member.Name.Is("nonce_c"u8))
            {
                nonce = member.Value;
            }
        }

        if (!TryGetField(key, "client_ephemeral_pub", out var keyText, out refusal)
            || !TryGetField(nonce, "nonce_c", out var nonceText, out refusal))
        {
            return false;
        }

        if (!SyncText.IsHex(nonceText, NonceLength))
        {
            refusal = SyncClose.InvalidNonce;
            return false;
        }

        if (!SyncKeyAgreement.TryReadPoint(keyText, out var point, out var detail))
        {
            refusal = SyncClose.InvalidEphemeralKey(detail);
            return false;
        }

        hello = new ClientHello(keyText, point, nonceText);
        return true;
    }

    /// <summary>
    /// Reads the content of <c>client_auth</c>. Left to the caller, in this order: before, whether a <c>client_hello</c> came; after, whether the
    /// device is revoked, then the signature.
    /// </summary>
    /// <param name="envelope">A message of that type.</param>
    /// <param name="auth">The content; null where refused.</param>
    /// <param name="refusal">What to close with where refused.</param>
    public static bool TryReadClientAuth(in SyncEnvelope envelope, [NotNullWhen(true)] out ClientAuth? auth, out SyncClose refusal)
    {
        auth = null;
        ReadAuthFields(envelope.Body, out var fields);
        if (!TryGetField(fields.UserId, "user_id", out var userId, out refusal)
            || !TryGetField(fields.DeviceId, "device_id", out var deviceIdText, out refusal)
            || !TryGetField(fields.Signature, "client_signature", out var signature, out refusal)
            || !TryGetField(fields.NonceC2, "nonce_c2", out var nonceC2, out refusal))
        {
            return false;
        }

        var deviceName = default(string);
        var deviceType = default(string);
        if (!SyncText.IsHex(nonceC2, NonceLength))
        {
            refusal = SyncClose.InvalidNonceC2;
        }
        else if (userId.Length != UserIdLength)
        {
            refusal = SyncClose.InvalidPublicKeyLength;
        }
        else if (!DeviceId.TryParse(deviceIdText, out var deviceId) || !deviceId.IsVersion4)
        {
            refusal = SyncClose.InvalidDeviceId;
        }
        else if (!TryGetDeviceType(fields.DeviceType, out deviceType))
        {
            refusal = SyncClose.InvalidDeviceType;
        }
        else if (!TryGetDeviceName(fields.DeviceName, out deviceName))
        {
            refusal = SyncClose.InvalidDeviceName;
        }
        else
        {
            var bytes = SyncText.DecodeHex(signature, Ed25519.SignatureSize);
            auth = new ClientAuth(userId, userId.ToLowerInvariant(), deviceIdText, deviceId, bytes, deviceName, deviceType);
            return true;
        }

        return false;
    }

    private static void ReadAuthFields(ReadOnlySpan<byte> body, out AuthFields fields)
    {
        fields = default;
        var reader = OpenObject(body);
        while (JsonMember.TryRead(ref reader, body, out var member))
        {
            if (member.Name.Is("user_id"u8))
            {
                fields.UserId = member.Value;
            }
            else if (member.Name.Is("device_id"u8))
            {
                fields.DeviceId = member.Value;
            }
            else if (member.Name.Is("client_signature"u8))
            {
                fields.Signature = member.Value;
            }
            else if (member.Name.Is("nonce_c2"u8))
            {
                fields.NonceC2 = member.Value;
            }
            else if (member.Name.Is("device_name"u8))
            {
                fields.DeviceName = member.Value;
            }
            else if (member.Name.Is("device_type"u8))
            {
                fields.DeviceType = member.Value;
            }
        }
    }

    // An empty string counts as missing, as it does to clients.
    private static bool TryGetField(JsonValue value, string name, out string text, out SyncClose refusal)
    {
        text = value.Text.Length > MaxFieldLength ? string.Empty : value.GetText() ?? string.Empty;
        refusal = text.Length > 0 ? default : SyncClose.Missing(name);
        return text.Length > 0;
    }

    private static bool TryGetDeviceType(JsonValue value, out string? deviceType)
    {
        deviceType = value.IsText("mobile"u8) ? "mobile"
            : value.IsText("desktop"u8) ? "desktop"
            : value.IsText("web"u8) ? "web"
            : null;
        return deviceType is not null || !value.IsTruthy;
    }

    private static bool TryGetDeviceName(JsonValue value, out string? deviceName)
    {
        deviceName = null;
        if (!value.IsTruthy)
        {
            return true;
        }

        if (value.Text.Length > MaxFieldLength)
        {
            return false;
        }

        // Clients exist that name a device by a number.
        var text = value.Type == JsonTokenType.Number ? Encoding.ASCII.GetString(value.Text) : value.GetText();
        if (text is null)
        {
            return false;
        }

        var codePoints = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            codePoints++;
            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.Control)
            {
                return false;
            }
        }

        deviceName = text;
        return codePoints <= ClientAuth.MaxDeviceNameLength;
    }

    // Stands behind the opening brace; at the end of an empty body, or of one that is no object, from which no member can be read.
    private static Utf8JsonReader OpenObject(ReadOnlySpan<byte> body)
    {
        var isObject = !body.IsEmpty && body[0] == (byte)'{';
        var reader = new Utf8JsonReader(isObject ? body : "{}"u8, JsonSyntax.Options);
        reader.Read();
        return reader;
    }

    private ref struct AuthFields
    {
        public JsonValue UserId;
        public JsonValue DeviceId;
        public JsonValue Signature;
        public JsonValue NonceC2;
        public JsonValue DeviceName;
        public JsonValue DeviceType;
    }
}
