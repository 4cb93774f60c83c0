using System.Globalization;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using PeerSync.Actors.Sharing;
using PeerSync.Host.Http;
using PeerSync.Host.Sharing.Resp;
using PeerSync.Kernel;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Sharing;

namespace PeerSync.Host.Sharing.Feed;

/// <summary>The feed over HTTP: server-sent events, who is there, and where else the feed can be had (docs/spec/sharing.md, section 7).</summary>
internal sealed class SharingFeedEndpoints(
    FeedServices services,
    FeedConnections connections,
    IClientAddresses addresses,
    ActorSystem system,
    RespAddress resp)
{
    internal void Map(SharingRoutes routes)
    {
        routes.Open(HttpMethods.Get, "/realtime", DiscoverAsync);
        routes.Protected(HttpMethods.Get, "/realtime", ListenAsync);
        routes.Protected(HttpMethods.Get, "/realtime/presence", ShowPresenceAsync);
    }

    private static bool TryGetCursor(HttpContext context, out long? cursor)
    {
        cursor = null;
        var text = context.Request.Headers["Last-Event-ID"].ToString();
        if (text.Length == 0)
        {
            text = context.Request.Query["after"].ToString();
        }

        if (text.Length == 0)
        {
            return true;
        }

        var isNumber = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        cursor = number;
        return isNumber;
    }

    private Task DiscoverAsync(HttpContext context)
    {
        var body = MessageBuffer.Rent();
        SharingFeedWriter.Discovery(body, resp.Value?.Port, resp.UsesTls, SharingRealtimeDialect.Path);
        var json = body.Span.ToArray();
        body.Release();
        return SharingAnswer.WriteJsonAsync(context, StatusCodes.Status200OK, json);
    }

    private async Task ShowPresenceAsync(HttpContext context, SharingCaller caller)
    {
        var presence = await services.Hub.Ask<FeedPresence>(new GetFeedPresence(caller.UserId), context.RequestAborted);
        var body = MessageBuffer.Rent();
        SharingFeedWriter.OnlineUsers(body, presence.Online);
        var json = body.Span.ToArray();
        body.Release();
        await SharingAnswer.WriteJsonAsync(context, StatusCodes.Status200OK, json);
    }

    // An upgrade does not come here: the dialect answers it.
    private async Task ListenAsync(HttpContext context, SharingCaller caller)
    {
        if (!TryGetCursor(context, out var after))
        {
            await SharingAnswer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, "Invalid cursor");
        }
        else if (connections.IsDraining)
        {
            await SharingAnswer.WriteTextAsync(context, StatusCodes.Status503ServiceUnavailable, "Service Unavailable");
        }
        else
        {
            var token = context.Request.Headers.Authorization.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1];
            await StreamAsync(context, new FeedIdentity(caller.UserId, caller.SessionId, caller.ExpiresAt), token, after);
        }
    }

    private async Task StreamAsync(HttpContext context, FeedIdentity identity, string token, long? after)
    {
        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache, no-transform";
        response.Headers["X-Accel-Buffering"] = "no";
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        // How slow a listener may be is decided here, as for every other way to listen.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        await response.StartAsync(context.RequestAborted);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var connection = connections.Open(
            response.BodyWriter, context.Abort, addresses.Hash(context), connections.Options.StreamOutboundBytes, needsSignsOfLife: true);
        connection.OnClosing(() => ended.TrySetResult());
        await using (context.RequestAborted.Register(connection.Abort))
        {
            connection.Send(MessageBuffer.Copy("retry: 1000\n\n"u8));
            var listener = system.ActorOf(Props.Create(() => new ResumingListenerActor(connection, services, identity, token, after)));
            connection.Attach(listener);
            listener.Tell(BeginListening.Instance, ActorRefs.NoSender);
            await ended.Task;
            await connection.EndAsync(context.RequestAborted.IsCancellationRequested);
        }
    }
}
