using System.Buffers;
using System.Net.WebSockets;

namespace PeerSync.Bench.Servers;

/// <summary>The least that a WebSocket server on Kestrel can do: each message goes back as it came.</summary>
internal static class EchoServer
{
    private const int BufferSize = 4096;

    public static async Task RunAsync(string[] args)
    {
        var app = ComparisonServer.CreateBuilder(args).Build();
        app.UseWebSockets();
        app.Map("/ws", EchoAsync);
        await ComparisonServer.RunAsync(app);
    }

    private static async Task EchoAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (true)
            {
                var received = await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
                    return;
                }

                await socket.SendAsync(
                    buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, context.RequestAborted);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            // The client is gone; there is nobody to tell.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
