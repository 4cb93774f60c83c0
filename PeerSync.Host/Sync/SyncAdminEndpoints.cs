using System.Security.Cryptography;
using System.Text;
using PeerSync.Actors.Sync;
using PeerSync.Host.Http;
using PeerSync.Host.Metrics;
using PeerSync.Host.Peers;
using PeerSync.Protocol.Sync;
using PeerSync.Storage.Sync;

namespace PeerSync.Host.Sync;

/// <summary>Revocation by the operator (PocketBridge contract, section 5.2).</summary>
internal sealed class SyncAdminEndpoints
{
    private const string KeyHeader = "X-Admin-API-Key";
    private const int MaxReason = 1_000;
    private const int MaxFailures = 20;

    private readonly SyncHttpOptions _options;
    private readonly ISyncDirectory _directory;
    private readonly ISyncDevices _live;
    private readonly IClientAddresses _addresses;
    private readonly PeerSyncMetrics _metrics;
    private readonly byte[] _key;
    private readonly WindowCounter? _failures;

    public SyncAdminEndpoints(
        SyncHttpOptions options,
        ISyncDirectory directory,
        ISyncDevices live,
        IClientAddresses addresses,
        PeerSyncMetrics metrics,
        TimeProvider time)
    {
        _options = options;
        _directory = directory;
        _live = live;
        _addresses = addresses;
        _metrics = metrics;
        _key = SHA256.HashData(Encoding.UTF8.GetBytes(options.AdminKey));
        _failures = options.LimitsEnabled ? new WindowCounter(MaxFailures, TimeSpan.FromMinutes(1), capacity: 10_000, time) : null;
    }

    /// <summary>POST /admin/revoke-device.</summary>
    /// <remarks>Not cancelled when the caller hangs up: a device that is on the list must also lose its socket.</remarks>
    public async Task RevokeAsync(HttpContext context)
    {
        if (!await AuthorizeAsync(context))
        {
            return;
        }

        var body = await SyncBody.ReadAsync(context);
        if (!DeviceId.TryParse(body.Text("deviceId"), out var deviceId) || SyncAuthentication.ParseUserId(body.Text("userId")) is not { } userId)
        {
            await SyncErrors.WriteAsync(context, StatusCodes.Status400BadRequest, "deviceId and userId are required");
            return;
        }

        await _directory.RevokeAsync(deviceId.Value, userId, ReadText(body, "reason"), ReadText(body, "revokedBy"), CancellationToken.None);

        // Whose device it is now decides where its socket is, whatever the operator believes.
        var device = await _directory.FindDeviceAsync(deviceId.Value, CancellationToken.None);
        await _live.DisconnectAsync(deviceId.Value, device?.UserId ?? userId, SyncDisconnect.Revoked, CancellationToken.None);
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, new DoneAnswer(true, "Device revoked"), SyncJson.Camel.DoneAnswer);
    }

    /// <summary>POST /admin/unrevoke-device.</summary>
    public async Task UnrevokeAsync(HttpContext context)
    {
        if (!await AuthorizeAsync(context))
        {
            return;
        }

        var body = await SyncBody.ReadAsync(context);
        if (!DeviceId.TryParse(body.Text("deviceId"), out var deviceId))
        {
            await SyncErrors.WriteAsync(context, StatusCodes.Status400BadRequest, "deviceId is required");
            return;
        }

        await _directory.UnrevokeAsync(deviceId.Value, context.RequestAborted);
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, new DoneAnswer(true, "Device unrevoked"), SyncJson.Camel.DoneAnswer);
    }

    /// <summary>GET /admin/revoked-devices.</summary>
    public async Task ListAsync(HttpContext context)
    {
        if (!await AuthorizeAsync(context))
        {
            return;
        }

        var text = context.Request.Query["userId"].ToString();
        var userId = SyncAuthentication.ParseUserId(text);
        if (text.Length > 0 && userId is null)
        {
            await SyncErrors.WriteAsync(context, StatusCodes.Status400BadRequest, "userId must be 64 hex characters");
            return;
        }

        var revocations = await _directory.ListRevocationsAsync(userId, context.RequestAborted);
        var answer = new RevocationList([.. revocations.Select(RevocationInfo.From)]);
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, answer, SyncJson.Camel.RevocationList);
    }

    private static string? ReadText(SyncBody body, string name) => body.Text(name) is { Length: > 0 } text ? TextCut.To(text, MaxReason) : null;

    private async ValueTask<bool> AuthorizeAsync(HttpContext context)
    {
        if (_options.AdminKey.Length == 0)
        {
            if (_options.Production)
            {
                await SyncErrors.WriteAsync(
                    context, StatusCodes.Status500InternalServerError, "Server configuration error: Admin authentication not configured");
            }

            return !_options.Production;
        }

        var address = _addresses.Hash(context);
        if (_failures?.Take(address) is { IsWithin: false })
        {
            _metrics.RateLimited("admin");
            context.Response.Headers.RetryAfter = "60";
            await SyncErrors.WriteAsync(context, StatusCodes.Status429TooManyRequests, "Too many requests, please try again later");
            return false;
        }

        var given = context.Request.Headers[KeyHeader].ToString();
        if (given.Length == 0)
        {
            given = BearerCredentials.FromScheme(context.Request.Headers.Authorization.ToString()) ?? string.Empty;
        }

        // Hashes are compared, so that neither the time nor the length tells anything.
        if (CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), _key))
        {
            _failures?.GiveBack(address);
            return true;
        }

        _metrics.Authentication("http", "invalid");
        await SyncErrors.WriteAsync(context, StatusCodes.Status401Unauthorized, "Unauthorized", "ADMIN_AUTH_REQUIRED");
        return false;
    }
}
