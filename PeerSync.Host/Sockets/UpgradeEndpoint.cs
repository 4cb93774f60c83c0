using PeerSync.Host.Http;
using PeerSync.Protocol.WebSockets;

namespace PeerSync.Host.Sockets;

/// <summary>WebSocket upgrades that reach the HTTP server: behind other requests on the same connection, in several packets, or to be refused.</summary>
internal static class UpgradeEndpoint
{
    /// <summary>Answers an upgrade request, or leaves the request to the 404 of unknown routes where it is none.</summary>
    /// <returns>Whether the request was dealt with.</returns>
    internal static async Task<bool> TryHandleAsync(HttpContext context, SocketServer sockets, IClientAddresses addresses)
    {
        var path = context.Request.Path.Value ?? string.Empty;
        var features = ListenerFeatures.Of(context);
        if (!sockets.Knows(path, features) || context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpUpgradeFeature>() is not { IsUpgradableRequest: true } feature)
        {
            return false;
        }

        var headers = context.Request.Headers;
        var key = headers.SecWebSocketKey.ToString();
        if (!HttpMethods.IsGet(context.Request.Method)
            || !headers.Upgrade.ToString().Contains("websocket", StringComparison.OrdinalIgnoreCase)
            || headers.SecWebSocketVersion != "13"
            || !WebSocketHandshake.IsValidKey(key))
        {
            context.Response.Headers.SecWebSocketVersion = "13";
            await HttpErrors.WriteAsync(context, StatusCodes.Status400BadRequest, "Invalid WebSocket upgrade");
            return true;
        }

        var request = new WebSocketUpgrade(path, context.Request.QueryString.Value ?? string.Empty, key)
        {
            Origin = headers.Origin.Count == 0 ? null : headers.Origin.ToString(),
            Authorization = headers.Authorization.Count == 0 ? null : headers.Authorization.ToString(),
        };
        if (sockets.Refusal(request, features) is { } refusal)
        {
            await RefuseAsync(context, refusal);
            return true;
        }

        var addressTag = addresses.Hash(context);
        switch (sockets.Admit(path, request.Origin, addressTag))
        {
            case UpgradeDecision.ForbiddenOrigin:
                sockets.CountRefusal(path, "origin");
                await HttpErrors.WriteAsync(context, StatusCodes.Status403Forbidden, "Origin is not allowed");
                return true;
            case UpgradeDecision.RateLimited:
                sockets.CountRefusal(path, "rate");
                sockets.Metrics.RateLimited("connection");
                await HttpErrors.WriteTooManyRequestsAsync(context, TimeSpan.FromSeconds(5));
                return true;
            case UpgradeDecision.Draining:
                sockets.CountRefusal(path, "draining");
                await HttpErrors.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "Server shutting down");
                return true;
            case UpgradeDecision.UnknownPath:
                return false;
        }

        context.Response.Headers.SecWebSocketAccept = WebSocketHandshake.ComputeAccept(key);
        context.Response.Headers.Upgrade = "websocket";
        if (FirstProtocol(headers.SecWebSocketProtocol.ToString()) is { } protocol)
        {
            context.Response.Headers.SecWebSocketProtocol = protocol;
        }

        Stream stream;
        try
        {
            stream = await feature.UpgradeAsync();
        }
        catch
        {
            sockets.GiveBack(addressTag);
            throw;
        }

        await sockets.RunAsync(new StreamTransport(context, stream), request, addressTag, features);
        return true;
    }

    // The connection ends with the answer: the client wanted it for this upgrade alone.
    private static Task RefuseAsync(HttpContext context, UpgradeRefusal refusal)
    {
        var response = context.Response;
        response.StatusCode = refusal.StatusCode;
        response.ContentType = "text/html";
        response.ContentLength = refusal.Message.Length;
        response.Headers.Connection = "close";
        return response.WriteAsync(refusal.Message);
    }

    private static string? FirstProtocol(string offered)
    {
        var first = offered.Split(',', 2)[0].Trim();
        return first.Length == 0 ? null : first;
    }
}
