using System.Text.Json;
using PeerSync.Host.Http;
using PeerSync.Host.Metrics;
using PeerSync.Protocol.Cryptography;
using PeerSync.Protocol.Sync;
using PeerSync.Storage.Sync;

namespace PeerSync.Host.Sync;

/// <summary>Pairing over HTTP: one device leaves its identity under a code, another takes it once (PocketBridge contract, section 6.1).</summary>
/// <remarks>Bodies hold private keys: nothing of them is logged, and they are kept only sealed.</remarks>
internal sealed class SyncPairingEndpoints(
    ISyncPairings pairings,
    ISyncDirectory directory,
    PairingLookupLimits limits,
    IClientAddresses addresses,
    PeerSyncMetrics metrics)
{
    private const int CodeLength = 6;
    private const int MaxAddress = 2_048;
    private const string DefaultName = "Device";

    /// <summary>POST /pairing/store.</summary>
    public async Task StoreAsync(HttpContext context, SyncCaller caller)
    {
        var body = await SyncBody.ReadAsync(context);
        var code = body.Member("code");
        var data = body.Member("data");
        if (IsMissing(code) || IsMissing(data))
        {
            await RefuseAsync(context, "code and data are required");
            return;
        }

        if (SyncBody.Text(data, "wsUrl") is not { Length: > 0 } address
            || SyncBody.Text(data, "userId") is not { Length: > 0 } userIdText
            || SyncBody.Text(data, "deviceId") is not { Length: > 0 } deviceIdText
            || SyncBody.Text(data, "publicKeyHex") is not { Length: > 0 } publicKeyText
            || SyncBody.Text(data, "privateKeyHex") is not { Length: > 0 } privateKeyText)
        {
            await RefuseAsync(context, "wsUrl, userId, deviceId, publicKeyHex, and privateKeyHex are required");
            return;
        }

        var codeText = SyncBody.TextOf(code);
        if (!IsCode(codeText))
        {
            await RefuseAsync(context, "Invalid pairing code format");
            return;
        }

        if (address.Length > MaxAddress || !DeviceId.TryParse(deviceIdText, out var deviceId))
        {
            await RefuseAsync(context, "Invalid pairing data");
            return;
        }

        if (!OwnsKey(caller, userIdText, publicKeyText, privateKeyText))
        {
            await SyncErrors.WriteAsync(context, StatusCodes.Status403Forbidden, "The key pair must be that of the user who stores it");
            return;
        }

        if (await directory.IsRevokedAsync(deviceId.Value, context.RequestAborted))
        {
            await SyncErrors.WriteAsync(context, StatusCodes.Status403Forbidden, "Device has been revoked");
            return;
        }

        var shareable = ShareableAddress.Of(address, ShareableAddress.FindLocal);
        var name = SyncBody.Text(data, "deviceName") is { Length: > 0 } given ? TextCut.To(given, SyncDevice.MaxNameLength) : DefaultName;
        var record = JsonSerializer.SerializeToUtf8Bytes(
            new PairingData(shareable, userIdText, deviceIdText, name, publicKeyText, privateKeyText), SyncJson.Camel.PairingData);
        var stored = await pairings.StoreAsync(codeText!, caller.UserId, deviceId.Value, record, context.RequestAborted);
        if (stored.Status == SyncPairingStoreStatus.Taken)
        {
            // As the original says it. Its client draws another code and tries again whatever the text.
            await SyncErrors.WriteAsync(context, StatusCodes.Status500InternalServerError, "Failed to store pairing code");
            return;
        }

        var answer = new StoredPairingAnswer(
            true, "Pairing code stored", IsoTime.Of(stored.ExpiresAt), (long)ISyncPairings.Lifetime.TotalMilliseconds, shareable);
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, answer, SyncJson.Camel.StoredPairingAnswer);
    }

    /// <summary>GET /pairing/lookup/:code.</summary>
    public async Task LookUpAsync(HttpContext context)
    {
        var code = context.GetRouteValue("code") as string;
        if (!IsCode(code))
        {
            await RefuseAsync(context, "Invalid pairing code format");
            return;
        }

        var address = addresses.Hash(context);
        if (!limits.TryBegin(address, out var retryAfter))
        {
            metrics.RateLimited("pairing");
            context.Response.Headers.RetryAfter = retryAfter.ToString(System.Globalization.CultureInfo.InvariantCulture);
            await SyncErrors.WriteAsync(context, StatusCodes.Status429TooManyRequests, "Too many wrong pairing codes, please try again later");
            return;
        }

        // Not cancelled when the caller hangs up: the record is taken with the answer, or the try counts.
        var record = await pairings.LookUpAsync(code!, CancellationToken.None);
        if (record is null)
        {
            await SyncErrors.WriteAsync(context, StatusCodes.Status404NotFound, "Pairing code not found or expired");
            return;
        }

        limits.Succeeded(address);
        var data = JsonSerializer.Deserialize(record, SyncJson.Camel.PairingData)!;
        context.Response.Headers.CacheControl = "no-store";
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, new PairingAnswer(true, data), SyncJson.Camel.PairingAnswer);
    }

    /// <summary>Whether the private key is the caller's: whoever has it is the user, so the body proves what the header only says.</summary>
    private static bool OwnsKey(SyncCaller caller, string userId, string publicKey, string privateKey)
    {
        if (SyncAuthentication.ParseUserId(userId) != caller.UserId || SyncAuthentication.ParseUserId(publicKey) != caller.UserId)
        {
            return false;
        }

        // A seed is as long as a public key.
        return SyncAuthentication.ParseUserId(privateKey) is { } seed
            && Convert.ToHexStringLower(Ed25519.GetPublicKey(Convert.FromHexString(seed))) == caller.UserId;
    }

    private static bool IsCode(string? text) => text is { Length: CodeLength } && text.All(char.IsAsciiDigit);

    /// <summary>As JavaScript understands "not there".</summary>
    private static bool IsMissing(JsonElement element) =>
        element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.False
        || (element.ValueKind == JsonValueKind.String && element.ValueEquals(string.Empty));

    private static Task RefuseAsync(HttpContext context, string error) => SyncErrors.WriteAsync(context, StatusCodes.Status400BadRequest, error);
}
