using System.Net;
using System.Net.Sockets;
using System.Text;
using PeerSync.Bench.Load.Sockets;

namespace PeerSync.Tests.Bench;

/// <summary>The client against a server that sends exactly the bytes that a test wants.</summary>
public sealed class LoadConnectionTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly EventLoop _loop = new(0);
    private Socket _server = null!;
    private LoadConnection _connection = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The load generator's client is made of Linux system calls.");
        _listener.Start();
        var port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        var opening = _loop.InvokeAsync(
            async () => _connection = await LoadConnection.OpenAsync(_loop, IPAddress.Parse("127.0.0.2"), port, "/ws"));
        _server = await _listener.AcceptSocketAsync().WaitAsync(Limit);
        _server.NoDelay = true;
        var request = await ReadUntilAsync("\r\n\r\n"u8.ToArray());
        Assert.StartsWith("GET /ws HTTP/1.1\r\n", Encoding.ASCII.GetString(request), StringComparison.Ordinal);
        Assert.Equal(IPAddress.Parse("127.0.0.2"), ((IPEndPoint)_server.RemoteEndPoint!).Address);
        await SendAsync("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"u8.ToArray());
        await opening.WaitAsync(Limit);
    }

    public ValueTask DisposeAsync()
    {
        _loop.Dispose();
        _connection?.Abort();
        _server?.Dispose();
        _listener.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_conversation_survives_single_bytes_fragments_and_pings()
    {
        var receiving = ReceiveTextAsync();
        byte[] stream = [0x01, 2, (byte)'a', (byte)'b', 0x89, 1, (byte)'p', 0x00, 0, 0x80, 1, (byte)'c'];
        foreach (var one in stream)
        {
            await SendAsync([one]);
        }

        Assert.Equal("abc", await receiving.WaitAsync(Limit));
        Assert.Equal((FrameHeader.Pong, "p"), await ReadClientFrameAsync());
    }

    [Fact]
    public async Task A_lane_counts_its_messages_and_sends_as_many_as_asked_for()
    {
        const string Message = "hello";
        var driver = new CountingDriver(expected: 1000);
        await _loop.InvokeAsync(() =>
        {
            var lane = new Lane(_connection, _connection, ClientFrame.Text(Message), Message.Length, mayBatch: false) { Driver = driver };
            _connection.Outbound = lane;
            _connection.Inbound = lane;
            _connection.Mode = ReceiveMode.Lane;
            lane.Send(1000);
        }).WaitAsync(Limit);
        for (var i = 0; i < 1000; i++)
        {
            Assert.Equal((FrameHeader.Text, Message), await ReadClientFrameAsync());
        }

        byte[] frame = [0x81, 5, .. "HELLO"u8];
        await SendAsync(Enumerable.Repeat(frame, 1000).SelectMany(bytes => bytes).ToArray());
        await driver.Done.WaitAsync(Limit);
        Assert.Null(_connection.Error);
    }

    [Fact]
    public async Task A_lane_of_batches_counts_by_the_whole_message()
    {
        var driver = new CountingDriver(expected: 3);
        await AttachLaneAsync(driver, receivedLength: 2, mayBatch: true);
        await SendAsync([0x01, 3, 1, 2, 3, 0x80, 3, 4, 5, 6]);
        await driver.Done.WaitAsync(Limit);
        Assert.Null(_connection.Error);
    }

    [Fact]
    public async Task A_message_that_is_not_the_lanes_is_a_fault_that_shows_it()
    {
        await AttachLaneAsync(new CountingDriver(expected: 1), receivedLength: 2, mayBatch: false);
        await SendAsync([0x81, 4, .. "oops"u8]);
        var error = await ErrorAsync();
        Assert.Contains("oops", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_close_frame_is_told_with_its_code()
    {
        var receiving = ReceiveTextAsync();
        await SendAsync([0x88, 4, 0x0F, 0xA1, (byte)'n', (byte)'o']);
        var error = await Assert.ThrowsAsync<IOException>(() => receiving.WaitAsync(Limit));
        Assert.Equal("The server closed with 4001 no", error.Message);
    }

    [Fact]
    public async Task Counting_knows_messages_and_bytes_on_the_wire()
    {
        await _loop.InvokeAsync(() => _connection.Mode = ReceiveMode.Count).WaitAsync(Limit);
        await SendAsync([0x81, 1, 0, 0x01, 1, 0, 0x80, 1, 0, 0x81, 126, 0, 200, .. new byte[200], 0x89, 0]);
        // The pong tells that everything before the ping has been counted.
        Assert.Equal((FrameHeader.Pong, ""), await ReadClientFrameAsync());
        Assert.Equal(3, _connection.CountedMessages);
        Assert.Equal(3 + 3 + 3 + 204, _connection.CountedBytes);
    }

    private Task AttachLaneAsync(CountingDriver driver, int receivedLength, bool mayBatch)
    {
        return _loop.InvokeAsync(() =>
        {
            _connection.Inbound = new Lane(_connection, _connection, ClientFrame.Text("x"), receivedLength, mayBatch) { Driver = driver };
            _connection.Mode = ReceiveMode.Lane;
        }).WaitAsync(Limit);
    }

    private async Task<string> ReceiveTextAsync()
    {
        var text = "";
        await _loop.InvokeAsync(async () => text = Encoding.UTF8.GetString(await _connection.ReceiveTextAsync()));
        return text;
    }

    private async Task<Exception> ErrorAsync()
    {
        // The client gives its descriptor back when it fails, which the server sees as the end of the stream.
        var buffer = new byte[1];
        Assert.Equal(0, await _server.ReceiveAsync(buffer.AsMemory()).AsTask().WaitAsync(Limit));
        return _connection.Error!;
    }

    private async Task SendAsync(byte[] bytes)
    {
        for (var sent = 0; sent < bytes.Length;)
        {
            sent += await _server.SendAsync(bytes.AsMemory(sent)).AsTask().WaitAsync(Limit);
        }
    }

    private async Task<byte[]> ReadAsync(int count)
    {
        var bytes = new byte[count];
        for (var read = 0; read < count;)
        {
            var received = await _server.ReceiveAsync(bytes.AsMemory(read)).AsTask().WaitAsync(Limit);
            Assert.True(received > 0, "The client ended the connection.");
            read += received;
        }

        return bytes;
    }

    private async Task<byte[]> ReadUntilAsync(byte[] end)
    {
        var bytes = new List<byte>();
        while (!bytes.TakeLast(end.Length).SequenceEqual(end))
        {
            bytes.AddRange(await ReadAsync(1));
        }

        return [.. bytes];
    }

    private async Task<(byte Opcode, string Payload)> ReadClientFrameAsync()
    {
        var header = await ReadAsync(6);
        Assert.True((header[1] & 0x80) != 0, "The client's frame is not masked.");
        var payload = await ReadAsync(header[1] & 0x7F);
        for (var i = 0; i < payload.Length; i++)
        {
            payload[i] ^= header[2 + (i & 3)];
        }

        return ((byte)(header[0] & 0x0F), Encoding.UTF8.GetString(payload));
    }

    private sealed class CountingDriver(int expected) : ILaneDriver
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _received;

        public Task Done => _done.Task;

        public void OnReceived(Lane lane, int count)
        {
            _received += count;
            if (_received == expected)
            {
                _done.SetResult();
            }
        }
    }
}
