using PeerSync.Actors.Sync;
using PeerSync.Host.Http;
using PeerSync.Protocol.Sync;
using PeerSync.Storage.Sync;

namespace PeerSync.Host.Sync;

/// <summary>Devices, presence and connection status over HTTP (PocketBridge contract, sections 5.1 to 5.3).</summary>
internal sealed class SyncDeviceEndpoints(ISyncDirectory directory, ISyncDevices live, TimeProvider time)
{
    private const string RemovalReason = "Device has been removed by user";

    /// <summary>GET /devices.</summary>
    public async Task ListAsync(HttpContext context, SyncCaller caller)
    {
        var devices = await ReadAsync(caller.UserId, context.RequestAborted);
        var isEmpty = devices.Count == 0;
        var answer = new DeviceList(
            devices, devices.Count, isEmpty, caller.UserId, isEmpty ? "No devices connected. Connect a device to start syncing." : null);
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, answer, SyncJson.Snake.DeviceList);
    }

    /// <summary>GET /devices/:id.</summary>
    public async Task ShowAsync(HttpContext context, SyncCaller caller)
    {
        var device = TryReadId(context, out var deviceId) ? await directory.FindDeviceAsync(deviceId, context.RequestAborted) : null;
        if (device is null || device.UserId != caller.UserId)
        {
            var missing = new MissingDevice(
                "Device not found",
                IsEmpty: true,
                "The requested device was not found or does not belong to you. Connect the device to register it.");
            await JsonAnswer.WriteAsync(context, StatusCodes.Status404NotFound, missing, SyncJson.Snake.MissingDevice);
            return;
        }

        var online = await live.GetOnlineAsync(caller.UserId, context.RequestAborted);
        var answer = DeviceInfo.From(device, online.Any(other => other.DeviceId == deviceId));
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, answer, SyncJson.Snake.DeviceInfo);
    }

    /// <summary>POST /devices/:id/rename.</summary>
    public async Task RenameAsync(HttpContext context, SyncCaller caller)
    {
        var body = await SyncBody.ReadAsync(context);
        if (body.Text("device_name") is not { Length: > 0 } given)
        {
            await SyncErrors.WriteAsync(context, StatusCodes.Status400BadRequest, "Device name must be 1-50 characters");
            return;
        }

        var name = TextCut.To(given, SyncDevice.MaxNameLength);
        var status = TryReadId(context, out var deviceId)
            ? await directory.RenameAsync(caller.UserId, deviceId, name, context.RequestAborted)
            : SyncRenameStatus.NotFound;
        await (status switch
        {
            SyncRenameStatus.Renamed => JsonAnswer.WriteAsync(
                context, StatusCodes.Status200OK, new RenamedAnswer(true, deviceId.ToString("D"), name), SyncJson.Snake.RenamedAnswer),
            SyncRenameStatus.NameTaken => SyncErrors.WriteAsync(
                context, StatusCodes.Status400BadRequest, "Another device with this name already exists"),
            SyncRenameStatus.Foreign => SyncErrors.WriteAsync(context, StatusCodes.Status403Forbidden, "Cannot rename another user's device"),
            _ => SyncErrors.WriteAsync(context, StatusCodes.Status404NotFound, "Device not found"),
        });
    }

    /// <summary>DELETE /devices/:id.</summary>
    /// <remarks>Not cancelled when the caller hangs up: a device whose row is gone but whose socket is not would go on.</remarks>
    public async Task RemoveAsync(HttpContext context, SyncCaller caller)
    {
        var status = TryReadId(context, out var deviceId)
            ? await directory.RemoveAsync(caller.UserId, deviceId, RemovalReason, CancellationToken.None)
            : SyncRemoveStatus.NotFound;
        if (status == SyncRemoveStatus.Removed)
        {
            // Revoked first: a device that is told to go cannot slip in again.
            await live.DisconnectAsync(deviceId, caller.UserId, SyncDisconnect.Removed, CancellationToken.None);
            var answer = new DoneAnswer(true, $"Device {deviceId:D} has been removed");
            await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, answer, SyncJson.Camel.DoneAnswer);
            return;
        }

        await (status == SyncRemoveStatus.Foreign
            ? SyncErrors.WriteAsync(context, StatusCodes.Status403Forbidden, "Cannot remove another user's device")
            : SyncErrors.WriteAsync(context, StatusCodes.Status404NotFound, "Device not found"));
    }

    /// <summary>GET /presence.</summary>
    public async Task WritePresenceAsync(HttpContext context, SyncCaller caller)
    {
        var devices = await ReadAsync(caller.UserId, context.RequestAborted);
        var isEmpty = devices.Count == 0;
        var answer = new PresenceList(
            caller.UserId,
            [.. devices.Select(static device => new PresentDevice(device.DeviceId, device.DeviceName, device.IsOnline, device.LastSeen))],
            devices.Count(static device => device.IsOnline),
            devices.Count,
            isEmpty,
            isEmpty ? "No devices found. Connect your first device to get started." : null);
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, answer, SyncJson.Snake.PresenceList);
    }

    /// <summary>GET /connection-status: of the caller's own devices only, whatever is asked for.</summary>
    public async Task WriteConnectionStatusAsync(HttpContext context, SyncCaller caller)
    {
        var deviceText = context.Request.Query["deviceId"].ToString();
        var userText = context.Request.Query["userId"].ToString();
        if (deviceText.Length == 0 && userText.Length == 0)
        {
            await SyncErrors.WriteAsync(context, StatusCodes.Status400BadRequest, "deviceId or userId query parameter is required");
            return;
        }

        var online = await live.GetOnlineAsync(caller.UserId, context.RequestAborted);
        var isAboutDevice = deviceText.Length > 0;
        var found = isAboutDevice
            ? online.FirstOrDefault(device => DeviceId.TryParse(deviceText, out var id) && id.Value == device.DeviceId)
            : SyncAuthentication.ParseUserId(userText) == caller.UserId ? online.MaxBy(static device => device.ConnectedAt) : null;
        if (found is null)
        {
            var answer = new DisconnectedAnswer(
                Connected: false,
                isAboutDevice ? deviceText : null,
                isAboutDevice ? null : userText,
                "disconnected",
                isAboutDevice
                    ? "Device is currently offline or has no active session. Connect the device to start syncing."
                    : "No active devices found for this user. Connect a device to get started.",
                IsEmpty: true);
            await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, answer, SyncJson.Camel.DisconnectedAnswer);
            return;
        }

        await WriteConnectedAsync(context, caller, found);
    }

    private static bool TryReadId(HttpContext context, out Guid deviceId)
    {
        var isId = DeviceId.TryParse(context.GetRouteValue("id") as string, out var id);
        deviceId = id.Value;
        return isId;
    }

    private async Task WriteConnectedAsync(HttpContext context, SyncCaller caller, SyncLiveDevice device)
    {
        var now = time.GetUtcNow();
        var stored = await directory.FindDeviceAsync(device.DeviceId, context.RequestAborted);
        var answer = new ConnectedAnswer(
            Connected: true,
            device.DeviceId.ToString("D"),
            caller.UserId,
            (stored?.LastSeen ?? now).ToUnixTimeMilliseconds(),
            (long)(now - device.ConnectedAt).TotalMilliseconds,
            device.ExpiresAt.ToUnixTimeMilliseconds(),
            (long)(device.ExpiresAt - now).TotalMilliseconds,
            "connected");
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, answer, SyncJson.Camel.ConnectedAnswer);
    }

    /// <summary>The user's devices, those online first, then those seen last.</summary>
    private async Task<List<DeviceInfo>> ReadAsync(string userId, CancellationToken cancellationToken)
    {
        var devices = await directory.ListDevicesAsync(userId, cancellationToken);
        var online = (await live.GetOnlineAsync(userId, cancellationToken)).Select(static device => device.DeviceId).ToHashSet();
        return
        [
            .. devices
                .Select(device => DeviceInfo.From(device, online.Contains(device.DeviceId)))
                .OrderByDescending(static device => device.IsOnline)
                .ThenByDescending(static device => device.LastSeen),
        ];
    }
}
