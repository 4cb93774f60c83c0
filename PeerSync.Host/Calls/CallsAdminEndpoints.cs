using System.Globalization;
using PeerSync.Host.Admin;
using PeerSync.Host.Http;
using PeerSync.Protocol.Calls;
using PeerSync.Storage.Calls;

namespace PeerSync.Host.Calls;

/// <summary>What <c>peersync moderators</c> asks a running node, on the admin listener only.</summary>
internal sealed class CallsAdminEndpoints(AdminEndpoints admin, CallsAccess access, CallsTokens tokens, ICallsDirectory directory, TimeProvider time)
{
    /// <summary>The path of the list, under which everything is.</summary>
    public const string Path = "/admin/calls/moderators";

    private const int MaxTokenSeconds = 30 * 86_400;

    /// <summary>Maps the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapRead(Path, admin.Guarded(ListAsync)).WithUnlimitedRate().ExcludeFromDescription();
        routes.MapPost(Path, admin.Guarded(AppointAsync)).WithUnlimitedRate().ExcludeFromDescription();
        routes.MapPost(Path + "/token", admin.Guarded(IssueAsync)).WithUnlimitedRate().ExcludeFromDescription();
    }

    private async Task ListAsync(HttpContext context)
    {
        var appointed = await directory.ListModeratorsAsync(context.RequestAborted);
        var listed = access.ListedModerators.Except(appointed.Select(static device => device.Id)).Select(static id => new ModeratorAnswer(id, "moderator", "settings"));
        var answer = new ModeratorsAnswer([.. appointed.Select(static device => Answer(device)), .. listed]);
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, answer, AdminJson.Default.ModeratorsAnswer);
    }

    private async Task AppointAsync(HttpContext context)
    {
        var input = await CallsInput.ReadAsync(context, "deviceId", "role");
        var deviceId = input.Required("deviceId", CallsDeviceId.MaxLength);
        var role = input.Required("role", CallsDeviceId.MaxLength, "user", "moderator", "admin");
        if (await RefuseAsync(context, input, deviceId))
        {
            return;
        }

        var device = await directory.SetRoleAsync(
            deviceId,
            role switch { "moderator" => CallsRole.Moderator, "admin" => CallsRole.Admin, _ => CallsRole.User },
            by: null,
            context.RequestAborted);
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, Answer(device), AdminJson.Default.ModeratorAnswer);
    }

    private async Task IssueAsync(HttpContext context)
    {
        var input = await CallsInput.ReadAsync(context, "deviceId", "lifetimeSeconds");
        var deviceId = input.Required("deviceId", CallsDeviceId.MaxLength);
        var seconds = input.Number("lifetimeSeconds", 1, MaxTokenSeconds);
        if (await RefuseAsync(context, input, deviceId))
        {
            return;
        }

        if (!await access.IsModeratorAsync(deviceId, context.RequestAborted))
        {
            await HttpErrors.WriteAsync(context, StatusCodes.Status404NotFound, "The device is no moderator");
            return;
        }

        var lifetime = seconds is { } asked ? TimeSpan.FromSeconds(asked) : tokens.Lifetime;
        var answer = new ModeratorTokenAnswer(
            tokens.Issue(deviceId, isModerator: true, lifetime), (time.GetUtcNow() + lifetime).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, answer, AdminJson.Default.ModeratorTokenAnswer);
    }

    private static ModeratorAnswer Answer(CallsDevice device) => new(
        device.Id,
        device.Role switch { CallsRole.Moderator => "moderator", CallsRole.Admin => "admin", _ => "user" },
        "appointed");

    private static async Task<bool> RefuseAsync(HttpContext context, CallsInput input, string deviceId)
    {
        if (input.Problems.Count == 0 && !CallsDeviceId.IsValid(deviceId))
        {
            input.Problems.Add("deviceId must be a string without control characters");
        }

        if (input.Problems.Count > 0)
        {
            await CallsAnswer.WriteProblemsAsync(context, input.Problems);
        }

        return input.Problems.Count > 0;
    }
}
