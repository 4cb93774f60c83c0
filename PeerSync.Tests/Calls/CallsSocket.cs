using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using PeerSync.Protocol.WebSockets;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Calls;

/// <summary>A client of a namespace over a WebSocket of its own; as the product's client, without acknowledgements unless asked.</summary>
internal sealed class CallsSocket : IAsyncDisposable
{
    /// <summary>What a namespace's end is called among the events.</summary>
    internal const string Disconnected = "(disconnect)";

    /// <summary>What a namespace's refusal is called among the events.</summary>
    internal const string ConnectError = "(connect_error)";

    /// <summary>The end of the transport.</summary>
    internal const string Closed = "(closed)";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly RawSocket _socket;
    private readonly string _namespace;
    private readonly Channel<(string Name, JsonNode? Argument)> _events = Channel.CreateUnbounded<(string, JsonNode?)>();
    private readonly ConcurrentQueue<long> _acknowledged = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly Task _pump;

    private CallsSocket(RawSocket socket, string ns)
    {
        _socket = socket;
        _namespace = ns;
        _pump = PumpAsync();
    }

    /// <summary>The ids that were acknowledged.</summary>
    internal IReadOnlyCollection<long> Acknowledged => _acknowledged;

    /// <summary>Whether its namespace has no events.</summary>
    internal bool IsSilent => _namespace == "/";

    private string Prefix => _namespace == "/" ? string.Empty : _namespace + ",";

    /// <summary>Opens a session and asks to join the namespace.</summary>
    internal static async Task<CallsSocket> OpenAsync(Uri address, string? auth, string ns = "/signaling", string headers = "")
    {
        var raw = await RawSocket.OpenAsync(address, "/socket.io/?EIO=4&transport=websocket", headers);
        Assert.StartsWith("0{", (await raw.ExpectAsync(WebSocketOpcode.Text)).Text, StringComparison.Ordinal);
        var socket = new CallsSocket(raw, ns);
        await socket.SendAsync($"40{socket.Prefix}{auth}");
        return socket;
    }

    /// <summary>Asks to join as a device, and waits for nothing.</summary>
    internal static Task<CallsSocket> OpenAsync(CallsTestHost host, string device) =>
        OpenAsync(host.Server.Address, $$"""{"token":"Bearer {{host.Tokens.Issue(device)}}"}""");

    /// <summary>Opens a socket of a device, which has authenticated.</summary>
    internal static async Task<CallsSocket> ConnectAsync(CallsTestHost host, string device)
    {
        var socket = await OpenAsync(host, device);
        await socket.ExpectAsync("connect");
        var connected = await socket.ExpectAsync("connected");
        Assert.Equal(device, (string?)connected!["deviceId"]);
        return socket;
    }

    internal Task SendAsync(string text) => WriteAsync(RawSocket.Text(text));

    /// <summary>Sends an event.</summary>
    internal Task EmitAsync(string name, string? argument = null, long? ackId = null) =>
        SendAsync($"42{Prefix}{ackId?.ToString(CultureInfo.InvariantCulture)}[\"{name}\"{(argument is null ? string.Empty : "," + argument)}]");

    /// <summary>The next event, which has this name; waits of a queue are passed over unless one is asked for.</summary>
    internal async Task<JsonNode?> ExpectAsync(string name)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(PeerSyncTestHost.Cancel);
        timeout.CancelAfter(Patience);
        while (true)
        {
            (string Name, JsonNode? Argument) next;
            try
            {
                next = await _events.Reader.ReadAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Waited {Patience.TotalSeconds} s for {name}.");
                throw;
            }

            if (next.Name == name)
            {
                return next.Argument;
            }

            Assert.True(next.Name == "queue-update", $"Expected {name}, received {next.Name} {next.Argument?.ToJsonString()}");
        }
    }

    /// <summary>The server disconnects; what it says before does not matter.</summary>
    internal async Task WaitForDisconnectAsync()
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(PeerSyncTestHost.Cancel);
        timeout.CancelAfter(Patience);
        while ((await _events.Reader.ReadAsync(timeout.Token)).Name != Disconnected)
        {
            // The next one.
        }
    }

    /// <summary>Nothing has come, and nothing comes before the answer to a question.</summary>
    internal async Task ExpectNothingAsync()
    {
        await EmitAsync("get-match-details", """{"sessionId":"nothing"}""");
        Assert.Equal("nothing", (string?)(await ExpectAsync("match-details"))!["sessionId"]);
    }

    /// <summary>Leaves the namespace and closes, as <c>disconnect()</c> of the client does.</summary>
    internal async Task DisconnectAsync()
    {
        await SendAsync($"41{Prefix}");
        await WriteAsync(RawSocket.Frame(WebSocketOpcode.Close, []));
        await _pump.WaitAsync(Patience);
    }

    /// <summary>The connection is gone without a word.</summary>
    internal void Abort() => _socket.Abort();

    public async ValueTask DisposeAsync()
    {
        await _socket.DisposeAsync();
        await _pump.WaitAsync(Patience);
        _sending.Dispose();
    }

    private async Task WriteAsync(byte[] bytes)
    {
        await _sending.WaitAsync();
        try
        {
            await _socket.WriteAsync(bytes);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task PumpAsync()
    {
        await Task.Yield();
        while (await ReadAsync() is { } text)
        {
            if (text == "2")
            {
                await SendAsync("3");
            }
            else
            {
                OnPacket(text);
            }
        }

        _events.Writer.TryWrite((Closed, null));
    }

    private async Task<string?> ReadAsync()
    {
        RawFrame? frame;
        try
        {
            frame = await _socket.ReadFrameAsync(TimeSpan.FromMinutes(1));
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            return null;
        }

        return frame is { Opcode: WebSocketOpcode.Text } ? frame.Text : null;
    }

    private void OnPacket(string text)
    {
        var rest = text[2..];
        Assert.StartsWith(Prefix, rest, StringComparison.Ordinal);
        rest = rest[Prefix.Length..];
        switch (text[..2])
        {
            case "40":
                _events.Writer.TryWrite(("connect", JsonNode.Parse(rest)));
                break;
            case "41":
                _events.Writer.TryWrite((Disconnected, null));
                break;
            case "44":
                _events.Writer.TryWrite((ConnectError, JsonNode.Parse(rest)));
                break;
            case "43":
                _acknowledged.Enqueue(long.Parse(rest[..rest.IndexOf('[', StringComparison.Ordinal)], CultureInfo.InvariantCulture));
                break;
            default:
                var packet = JsonNode.Parse(rest)!.AsArray();
                _events.Writer.TryWrite(((string)packet[0]!, packet.Count > 1 ? packet[1] : null));
                break;
        }
    }
}
