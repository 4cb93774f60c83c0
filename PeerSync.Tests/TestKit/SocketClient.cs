using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace PeerSync.Tests.TestKit;

/// <summary>A WebSocket client of the framework's own making: what it receives is queued and awaited, with a time limit that says what was missing.</summary>
internal sealed class SocketClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ClientWebSocket _socket;
    private readonly Channel<(string Text, WebSocketMessageType Type)> _received = Channel.CreateUnbounded<(string, WebSocketMessageType)>();
    private readonly TaskCompletionSource<(int Code, string Reason)> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reader;

    private SocketClient(ClientWebSocket socket)
    {
        _socket = socket;
        _reader = ReadAsync();
    }

    internal string? SubProtocol => _socket.SubProtocol;

    /// <summary>How the connection ended: 1006 where there was no close frame.</summary>
    internal Task<(int Code, string Reason)> Closed => _closed.Task;

    /// <summary>What has arrived and was not awaited; takes it.</summary>
    internal IEnumerable<string> TakePending()
    {
        while (_received.Reader.TryRead(out var message))
        {
            yield return message.Text;
        }
    }

    internal static async Task<SocketClient> ConnectAsync(
        Uri address, string path, Action<ClientWebSocketOptions>? configure = null, bool answerPings = true)
    {
        var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = TimeSpan.Zero;
        configure?.Invoke(socket.Options);
        try
        {
            using var invoker = answerPings ? null : new HttpMessageInvoker(PonglessStream.CreateHandler(), disposeHandler: false);
            await socket.ConnectAsync(new Uri($"ws://{address.Authority}{path}"), invoker, TestContext.Current.CancellationToken).WaitAsync(Patience);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return new SocketClient(socket);
    }

    internal Task SendAsync(string text, WebSocketMessageType type = WebSocketMessageType.Text) => SendAsync(Encoding.UTF8.GetBytes(text), type);

    internal Task SendAsync(ReadOnlyMemory<byte> bytes, WebSocketMessageType type, bool endOfMessage = true) =>
        _socket.SendAsync(bytes, type, endOfMessage, TestContext.Current.CancellationToken).AsTask();

    /// <summary>The next message.</summary>
    internal async Task<string> ReceiveAsync(string expectation = "a message")
    {
        try
        {
            var (text, type) = await _received.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);
            Assert.Equal(WebSocketMessageType.Text, type);
            return text;
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Waited {Patience.TotalSeconds} s for {expectation}.");
            throw;
        }
        catch (ChannelClosedException)
        {
            Assert.Fail($"Waited for {expectation}, but the connection ended with {await _closed.Task}.");
            throw;
        }
    }

    /// <summary>The next message, which must be of this event; returns its data.</summary>
    internal async Task<JsonElement> ExpectAsync(string eventName)
    {
        var text = await ReceiveAsync(eventName);
        using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 4096 });
        Assert.True(document.RootElement.GetProperty("event").GetString() == eventName, $"Expected {eventName}, received {text}");
        return document.RootElement.GetProperty("data").Clone();
    }

    /// <summary>The next message, which must be an error with this code.</summary>
    internal async Task ExpectErrorAsync(string code)
    {
        var data = await ExpectAsync("ERROR");
        Assert.Equal(code, data.GetProperty("code").GetString());
    }

    /// <summary>Nothing arrives for a while.</summary>
    internal async Task ExpectSilenceAsync(int milliseconds = 200)
    {
        await Task.Delay(milliseconds, TestContext.Current.CancellationToken);
        Assert.False(_received.Reader.TryRead(out var message), $"Expected silence, received {message.Text}");
    }

    internal async Task<(int Code, string Reason)> WaitForCloseAsync()
    {
        try
        {
            return await _closed.Task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Waited {Patience.TotalSeconds} s for the connection to end.");
            throw;
        }
    }

    internal async Task CloseAsync(WebSocketCloseStatus status = WebSocketCloseStatus.NormalClosure)
    {
        await _socket.CloseOutputAsync(status, string.Empty, TestContext.Current.CancellationToken);
        await _reader.WaitAsync(Patience);
    }

    /// <summary>Hangs up without a close frame.</summary>
    internal void Abort() => _socket.Abort();

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _reader;
        _socket.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[16 * 1024];
        var message = new MemoryStream();
        try
        {
            while (true)
            {
                var result = await _socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                if (result.MessageType == WebSocketMessageType.Close)
                {
                    _closed.TrySetResult(((int)(_socket.CloseStatus ?? 0), _socket.CloseStatusDescription ?? string.Empty));
                    if (_socket.State == WebSocketState.CloseReceived)
                    {
                        await _socket.CloseOutputAsync(_socket.CloseStatus ?? WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                    }

                    return;
                }

                message.Write(buffer, 0, result.Count);
                if (result.EndOfMessage)
                {
                    _received.Writer.TryWrite((Encoding.UTF8.GetString(message.GetBuffer(), 0, (int)message.Length), result.MessageType));
                    message.SetLength(0);
                }
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException)
        {
            _closed.TrySetResult((1006, string.Empty));
        }
        finally
        {
            _received.Writer.TryComplete();
        }
    }
}
