using System.Text.Unicode;
using Microsoft.AspNetCore.Http.Features;
using PeerSync.Actors.SocketIO;
using PeerSync.Host.Http;
using PeerSync.Host.Sockets;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.SocketIO;

namespace PeerSync.Host.SocketIO;

/// <summary>The HTTP side of an Engine.IO path: handshakes, polls, posts, and WebSocket upgrades that reach the HTTP server.</summary>
internal sealed class EngineEndpoint(EngineServer engine, SocketServer sockets, IClientAddresses addresses)
{
    private const string Text = "text/plain; charset=UTF-8";
    private const string Html = "text/html";
    private const string Json = "application/json";

    private static readonly byte[] Ok = "ok"u8.ToArray();
    private static readonly byte[] Noop = EngineWriter.Noop.ToArray();
    private static readonly byte[] Close = EngineWriter.Close.ToArray();

    /// <summary>Answers a request for the path.</summary>
    internal async Task HandleAsync(HttpContext context)
    {
        try
        {
            if (!await UpgradeEndpoint.TryHandleAsync(context, sockets, addresses))
            {
                await HandleHttpAsync(context);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // The client has left; its session was told where it had to be.
        }
    }

    private static async Task WriteAsync(HttpContext context, int statusCode, string contentType, ReadOnlyMemory<byte> body)
    {
        var response = context.Response;
        response.StatusCode = statusCode;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        await response.Body.WriteAsync(body, CancellationToken.None);
    }

    private static async Task WriteErrorAsync(HttpContext context, EngineErrorCode error)
    {
        var body = MessageBuffer.Rent();
        EngineError.Write(body, error);
        await WriteAsync(context, StatusCodes.Status400BadRequest, Json, body.Memory);
        body.Release();
    }

    private Task HandleHttpAsync(HttpContext context)
    {
        var request = context.Request;
        if (engine.Verify(EngineQuery.Parse(request.QueryString.Value), request.Method, isUpgrade: false, out var session) is { } error)
        {
            return WriteErrorAsync(context, error);
        }

        if (session is null)
        {
            return OpenAsync(context);
        }

        if (HttpMethods.IsGet(request.Method))
        {
            return PollAsync(context, session);
        }

        return HttpMethods.IsPost(request.Method) ? PostAsync(context, session) : WriteErrorAsync(context, EngineErrorCode.BadRequest);
    }

    private Task OpenAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        var addressTag = addresses.Hash(context);

        // No origin: a page of a foreign one may send what it likes and cannot read the answer.
        switch (sockets.Admit(path, origin: null, addressTag))
        {
            case UpgradeDecision.Admitted:
                break;
            case UpgradeDecision.RateLimited:
                sockets.CountRefusal(path, "rate");
                sockets.Metrics.RateLimited("connection");
                return HttpErrors.WriteTooManyRequestsAsync(context, TimeSpan.FromSeconds(5));
            default:
                sockets.CountRefusal(path, "draining");
                return HttpErrors.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "Server shutting down");
        }

        var headers = context.Request.Headers;
        var handshake = new SocketIOHandshake(
            context.Request.QueryString.Value!.TrimStart('?'),
            headers.Authorization.Count == 0 ? null : headers.Authorization.ToString(),
            headers.Origin.Count == 0 ? null : headers.Origin.ToString());
        return PollAsync(context, engine.OpenPolling(handshake, addressTag, () => sockets.GiveBack(addressTag)));
    }

    private static async Task PollAsync(HttpContext context, EngineSession session)
    {
        var end = session.BeginPoll(out var pending);
        if (pending is not null)
        {
            await using var aborted = context.RequestAborted.UnsafeRegister(
                static state => ((TaskCompletionSource<PollEnd>)state!).TrySetResult(PollEnd.Aborted), pending);
            end = await pending.Task;
        }
        else if (end == PollEnd.Refused)
        {
            session.EndMisused();
        }

        switch (end)
        {
            case PollEnd.Data:
                await AnswerAsync(context, session);
                break;
            case PollEnd.Noop:
                session.EndPoll();
                await WriteAsync(context, StatusCodes.Status200OK, Text, Noop);
                break;
            case PollEnd.Close:
                await WriteAsync(context, StatusCodes.Status200OK, Text, Close);
                break;
            case PollEnd.Aborted:
                session.End(SocketIODisconnectReason.TransportFailed);
                break;
            default:
                await WriteErrorAsync(context, end == PollEnd.Unknown ? EngineErrorCode.SessionUnknown : EngineErrorCode.BadRequest);
                break;
        }
    }

    private static async Task AnswerAsync(HttpContext context, EngineSession session)
    {
        var payload = MessageBuffer.Rent();
        try
        {
            if (!session.TryEndPoll(payload))
            {
                await WriteAsync(context, StatusCodes.Status200OK, Text, Close);
                return;
            }

            await WriteAsync(context, StatusCodes.Status200OK, Text, payload.Memory);
        }
        finally
        {
            payload.Release();
            if (context.RequestAborted.IsCancellationRequested)
            {
                // Nobody knows whether the packets have arrived.
                session.End(SocketIODisconnectReason.TransportFailed);
            }
        }
    }

    private async Task PostAsync(HttpContext context, EngineSession session)
    {
        if (!session.TryBeginPost())
        {
            session.EndMisused();
            await WriteErrorAsync(context, EngineErrorCode.BadRequest);
            return;
        }

        if (context.Request.ContentType?.StartsWith("application/octet-stream", StringComparison.OrdinalIgnoreCase) == true)
        {
            // Only version 3 had binary bodies.
            await RefuseAsync(context, session);
            return;
        }

        byte[] payload;
        try
        {
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            {
                // The limit of this protocol is told in the handshake, and is another one than that of the other routes.
                limit.MaxRequestBodySize = null;
            }

            payload = context.Request.ContentLength > engine.Options.MaxPayload
                ? throw new BadHttpRequestException("The body is too large.", StatusCodes.Status413PayloadTooLarge)
                : await RequestBody.ReadBytesAsync(context, engine.Options.MaxPayload);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            session.EndPost();
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            context.Response.ContentLength = 0;
            context.Response.Headers.Connection = "close";
            return;
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or BadHttpRequestException)
        {
            session.End(SocketIODisconnectReason.TransportFailed);
            throw;
        }

        if (!IsPayload(payload))
        {
            await RefuseAsync(context, session);
            return;
        }

        await session.ReceiveAsync(payload);
        session.EndPost();
        await WriteAsync(context, StatusCodes.Status200OK, Html, Ok);
    }

    private static Task RefuseAsync(HttpContext context, EngineSession session)
    {
        session.End(SocketIODisconnectReason.ProtocolViolation);
        return WriteErrorAsync(context, EngineErrorCode.BadRequest);
    }

    // Read to its end before the first packet is handed on: of a body that is broken somewhere nothing counts.
    private static bool IsPayload(ReadOnlySpan<byte> payload)
    {
        if (!Utf8.IsValid(payload))
        {
            return false;
        }

        var position = 0;
        EngineReadStatus status;
        do
        {
            status = EnginePayload.ReadNext(payload, ref position, out _);
        }
        while (status == EngineReadStatus.Packet);

        return status == EngineReadStatus.End;
    }
}
