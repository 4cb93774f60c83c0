using System.Text.Json;
using PeerSync.Host.Http;
using PeerSync.Protocol.Sync;
using PeerSync.Storage.Sync;

namespace PeerSync.Host.Sync;

/// <summary>Profiles over HTTP; their changes are signed (PocketBridge contract, section 5.1).</summary>
internal sealed class SyncProfileEndpoints(ISyncDirectory directory, SignatureReplays replays, TimeProvider time)
{
    /// <summary>GET /user/profile.</summary>
    public async Task ShowAsync(HttpContext context, SyncCaller caller)
    {
        if (await directory.GetProfileAsync(caller.UserId, context.RequestAborted) is { } profile)
        {
            await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, ProfileInfo.From(profile), SyncJson.Snake.ProfileInfo);
        }
        else
        {
            await WriteUnknownUserAsync(context);
        }
    }

    /// <summary>POST /user/profile.</summary>
    public async Task UpdateAsync(HttpContext context, SyncCaller caller)
    {
        var body = await SyncBody.ReadAsync(context);
        if (body.Text("signature") is not { Length: > 0 } signature)
        {
            await RefuseAsync(context, "Signature required", "SIGNATURE_REQUIRED", "Profile updates must be signed with the user's key");
            return;
        }

        if (!TryReadTimestamp(body, out var timestamp))
        {
            await RefuseAsync(context, "Timestamp required", "TIMESTAMP_REQUIRED", "Profile updates must carry the time of their signature");
            return;
        }

        if (await RefuseTimestampAsync(context, timestamp))
        {
            return;
        }

        if (ProfileInput.Read(body, out var error) is not { } update)
        {
            await SyncErrors.WriteAsync(context, StatusCodes.Status400BadRequest, error!);
            return;
        }

        if (!ProfileSignature.VerifyUpdate(caller.UserIdText, timestamp, update, body.Utf8.Span, signature)
            || !replays.TryAccept(caller.UserId, timestamp, signature))
        {
            await WriteInvalidSignatureAsync(context);
            return;
        }

        var preferences = update.Preferences is { } given ? new SyncPreferences(given.Theme, given.Notifications, given.AutoSync) : null;
        var change = new SyncProfileUpdate(update.DisplayName, update.HasEmail, update.Email, preferences);
        if (await directory.UpdateProfileAsync(caller.UserId, change, context.RequestAborted) is { } profile)
        {
            var answer = new UpdatedProfileAnswer(true, ProfileInfo.From(profile));
            await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, answer, SyncJson.Snake.UpdatedProfileAnswer);
        }
        else
        {
            await WriteUnknownUserAsync(context);
        }
    }

    /// <summary>POST /user/profile/onboarding-complete.</summary>
    public async Task CompleteOnboardingAsync(HttpContext context, SyncCaller caller)
    {
        var body = await SyncBody.ReadAsync(context);
        if (body.Text("signature") is not { Length: > 0 } signature || !TryReadTimestamp(body, out var timestamp))
        {
            await RefuseAsync(context, "Signature and timestamp required", "SIGNATURE_REQUIRED", null);
            return;
        }

        if (await RefuseTimestampAsync(context, timestamp))
        {
            return;
        }

        if (!ProfileSignature.VerifyOnboardingComplete(caller.UserIdText, timestamp, signature)
            || !replays.TryAccept(caller.UserId, timestamp, signature))
        {
            await WriteInvalidSignatureAsync(context);
            return;
        }

        await (await directory.CompleteOnboardingAsync(caller.UserId, context.RequestAborted)
            ? JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, new DoneAnswer(true, null), SyncJson.Camel.DoneAnswer)
            : WriteUnknownUserAsync(context));
    }

    private static bool TryReadTimestamp(SyncBody body, out long timestamp)
    {
        timestamp = 0;
        return body.Member("timestamp") is { ValueKind: JsonValueKind.Number } member && member.TryGetInt64(out timestamp) && timestamp > 0;
    }

    private static Task RefuseAsync(HttpContext context, string error, string code, string? message) =>
        SyncErrors.WriteAsync(context, StatusCodes.Status400BadRequest, error, code, message);

    private static Task WriteInvalidSignatureAsync(HttpContext context) => SyncErrors.WriteAsync(
        context, StatusCodes.Status403Forbidden, "Invalid signature", "INVALID_SIGNATURE", "The signature does not fit the update, or was used before");

    private static Task WriteUnknownUserAsync(HttpContext context) =>
        SyncErrors.WriteAsync(context, StatusCodes.Status404NotFound, "User not found");

    private async ValueTask<bool> RefuseTimestampAsync(HttpContext context, long timestamp)
    {
        var age = time.GetUtcNow().ToUnixTimeMilliseconds() - timestamp;
        if (age is <= ProfileSignature.MaxAge and >= -ProfileSignature.MaxSkew)
        {
            return false;
        }

        var message = FormattableString.Invariant($"Timestamp is too old or too far in the future. Age: {Math.Max(0, age / 1000)}s, Skew: {Math.Max(0, -age / 1000)}s");
        await RefuseAsync(context, "Timestamp expired", "TIMESTAMP_EXPIRED", message);
        return true;
    }
}
