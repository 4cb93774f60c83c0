using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using PeerSync.Actors.Sync;
using PeerSync.Host.Http;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Sync;
using PeerSync.Storage.Journal;
using PeerSync.Storage.Sync;

namespace PeerSync.Host.Sync;

/// <summary>Tokens, the history of files and the end of an account over HTTP (PocketBridge contract, section 5.2).</summary>
internal sealed class SyncAccountEndpoints(
    SyncServerKey key,
    ISyncDirectory directory,
    ISyncDevices live,
    IEventQueries events,
    TimeProvider time)
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 100;

    /// <summary>POST /auth/token.</summary>
    public async Task CreateTokenAsync(HttpContext context, SyncCaller caller)
    {
        var named = context.Request.Headers[SyncAuthentication.UserIdHeader].ToString();
        if (named.Length == 0)
        {
            await SyncErrors.WriteAsync(context, StatusCodes.Status400BadRequest, "X-User-ID header is required for token generation");
        }
        else if (SyncAuthentication.ParseUserId(named) != caller.UserId)
        {
            await SyncErrors.WriteAsync(context, StatusCodes.Status403Forbidden, "X-User-ID and the token name different users");
        }
        else
        {
            await WriteTokenAsync(context, caller);
        }
    }

    /// <summary>POST /auth/refresh.</summary>
    public Task RefreshTokenAsync(HttpContext context, SyncCaller caller) => caller.Token is null
        ? SyncErrors.WriteAsync(context, StatusCodes.Status401Unauthorized, "Authorization header with Bearer token required")
        : WriteTokenAsync(context, caller);

    /// <summary>GET /auth/verify.</summary>
    public static Task VerifyTokenAsync(HttpContext context, SyncCaller caller)
    {
        var answer = caller.Token is { } token
            ? new TokenCheckAnswer(Valid: true, new TokenContent(token.UserId, token.IssuedAt, token.ExpiresAt), null)
            : new TokenCheckAnswer(Valid: false, null, "No token provided");
        return JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, answer, SyncJson.Camel.TokenCheckAnswer);
    }

    /// <summary>GET /events/files.</summary>
    public async Task ListFilesAsync(HttpContext context, SyncCaller caller)
    {
        var limit = ReadNumber(context, "limit", DefaultLimit);
        var offset = ReadNumber(context, "offset", 0);
        if (limit < 0 || offset < 0)
        {
            await SyncErrors.WriteAsync(context, StatusCodes.Status400BadRequest, "limit and offset must not be negative");
            return;
        }

        limit = limit == 0 ? DefaultLimit : Math.Min(limit, MaxLimit);
        var page = await events.ReadTaggedAsync(SyncJournal.PersistenceId(new UserId(caller.UserId)), SyncJournal.FileTag, limit, offset, context.RequestAborted);
        var answer = new FileEventList(
            [.. page.Events.Select(static stored => ToFileEvent(SyncSerializer.JsonOf(stored.Manifest, stored.Message)))],
            new PageInfo(limit, offset, page.Total, (long)offset + page.Events.Count < page.Total));
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, answer, SyncJson.Snake.FileEventList);
    }

    /// <summary>DELETE /user.</summary>
    /// <remarks>
    /// Not cancelled when the caller hangs up. Asked again after a fault half-way, it finishes what is left: the rows go first, so that no device comes back
    /// while its events are deleted.
    /// </remarks>
    public async Task DeleteUserAsync(HttpContext context, SyncCaller caller)
    {
        var devices = await directory.DeleteUserAsync(caller.UserId, CancellationToken.None);
        foreach (var deviceId in devices ?? [])
        {
            await live.DisconnectAsync(deviceId, caller.UserId, SyncDisconnect.AccountDeleted, CancellationToken.None);
        }

        var deleted = await live.DeleteEventsAsync(caller.UserId, CancellationToken.None);
        if (devices is null && deleted == 0)
        {
            await SyncErrors.WriteAsync(context, StatusCodes.Status404NotFound, "User not found");
            return;
        }

        var answer = new DeletedUserAnswer(
            true, "User account and all associated data have been deleted", new DeletedCounts(devices?.Count ?? 0, deleted));
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, answer, SyncJson.Camel.DeletedUserAnswer);
    }

    /// <summary>As JavaScript's parseInt reads it, but what is no number counts as left out.</summary>
    private static int ReadNumber(HttpContext context, string name, int otherwise) =>
        int.TryParse(context.Request.Query[name].ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    private static FileEvent ToFileEvent(ReadOnlyMemory<byte> stored)
    {
        using var document = JsonDocument.Parse(stored);
        var root = document.RootElement;
        var payload = root.GetProperty("encrypted_payload").GetString()!;
        Base64.IsValid(payload, out var payloadSize);
        return new FileEvent(
            root.GetProperty("event_id").GetString()!,
            root.GetProperty("device_id").GetString()!,
            root.GetProperty("stream_id").GetString()!,
            root.GetProperty("stream_seq").GetRawText(),
            root.GetProperty("type").GetString()!,
            payload,
            payloadSize,
            IsoTime.Of(DateTimeOffset.FromUnixTimeMilliseconds(root.GetProperty("created_at").GetInt64())));
    }

    private Task WriteTokenAsync(HttpContext context, SyncCaller caller)
    {
        var token = SyncToken.Create(key.Identity, caller.UserId, time.GetUtcNow(), out var claims);
        var answer = new TokenAnswer(token, IsoTime.Of(DateTimeOffset.FromUnixTimeSeconds(claims.ExpiresAt)), SyncToken.Lifetime * 1000L);
        context.Response.Headers.CacheControl = "no-store";
        return JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, answer, SyncJson.Camel.TokenAnswer);
    }
}
