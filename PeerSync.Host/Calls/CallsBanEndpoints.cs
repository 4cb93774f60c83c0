using System.Text.Json;
using PeerSync.Actors.Calls;
using PeerSync.Host.Configuration;
using PeerSync.Host.Http;
using PeerSync.Protocol.Calls;
using PeerSync.Storage.Calls;

namespace PeerSync.Host.Calls;

/// <summary>Bans, for moderators: the list, a ban without a report, and the way back (Calls contract, section 12, flaw 7).</summary>
internal sealed class CallsBanEndpoints(PeerSyncOptions options, ICallsDirectory directory, CallsCounters counters, IEnumerable<ICallsLive> live)
{
    private const int MaxHours = 24 * 3650;

    /// <summary>GET /bans.</summary>
    public async Task ListAsync(HttpContext context, CallsDevice moderator)
    {
        if (!CallsReportEndpoints.TryReadLimit(context, out var limit))
        {
            await HttpErrors.WriteAsync(context, StatusCodes.Status400BadRequest, "Validation failed (numeric string is expected)");
            return;
        }

        var bans = await directory.ListBansAsync(limit, context.RequestAborted);
        await CallsAnswer.WriteAsync(context, StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartArray();
            foreach (var ban in bans)
            {
                Write(writer, ban);
            }

            writer.WriteEndArray();
        });
    }

    /// <summary>POST /bans.</summary>
    public async Task BanAsync(HttpContext context, CallsDevice moderator)
    {
        var input = await CallsInput.ReadAsync(context, "deviceId", "reason", "banHours");
        var deviceId = input.Required("deviceId", CallsDeviceId.MaxLength);
        var reason = input.Required("reason", CallsBlock.MaxReasonLength);
        var hours = input.Number("banHours", 1, MaxHours);
        if (input.Problems.Count == 0 && !CallsDeviceId.IsValid(deviceId))
        {
            input.Problems.Add("deviceId must be a string without control characters");
        }

        if (input.Problems.Count > 0)
        {
            await CallsAnswer.WriteProblemsAsync(context, input.Problems);
            return;
        }

        var duration = hours is { } time ? TimeSpan.FromHours(time) : options.Calls.BanDuration;
        var ban = await directory.BanAsync(deviceId, reason, duration, moderator.UserId.ToString("D"), context.RequestAborted);
        counters.UsersBlocked.Increment("device");
        foreach (var told in live)
        {
            told.Banned(deviceId);
        }

        await CallsAnswer.WriteAsync(context, StatusCodes.Status201Created, writer => Write(writer, ban));
    }

    /// <summary>DELETE /bans/{deviceId}.</summary>
    public async Task UnbanAsync(HttpContext context, CallsDevice moderator)
    {
        var deviceId = (string?)context.Request.RouteValues["deviceId"];
        var isLifted = CallsDeviceId.IsValid(deviceId)
            && await directory.UnbanAsync(deviceId!, moderator.UserId.ToString("D"), context.RequestAborted);
        await (isLifted
            ? CallsAnswer.WriteDoneAsync(context, StatusCodes.Status200OK)
            : HttpErrors.WriteAsync(context, StatusCodes.Status404NotFound, "Ban not found"));
    }

    private static void Write(Utf8JsonWriter writer, CallsBan ban)
    {
        writer.WriteStartObject();
        writer.WriteString("deviceId"u8, ban.DeviceId);
        writer.WriteString("reason"u8, ban.Reason);
        writer.WriteString("bannedBy"u8, ban.BannedBy);
        if (ban.ReportId is { } report)
        {
            writer.WriteString("reportId"u8, report);
        }

        writer.WriteString("bannedAt"u8, CallsAnswer.Iso(ban.BannedAt));
        if (ban.ExpiresAt is { } end)
        {
            writer.WriteString("expiresAt"u8, CallsAnswer.Iso(end));
        }
        else
        {
            writer.WriteNull("expiresAt"u8);
        }

        writer.WriteEndObject();
    }
}
