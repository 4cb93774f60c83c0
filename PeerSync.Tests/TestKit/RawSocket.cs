using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using PeerSync.Protocol.WebSockets;

namespace PeerSync.Tests.TestKit;

/// <summary>A client that sends any bytes it is told to and shows every frame it gets, over TCP or over any other stream.</summary>
internal sealed class RawSocket(Stream stream, Action abort) : IAsyncDisposable
{
    internal const string Key = "dGhlIHNhbXBsZSBub25jZQ==";
    internal const string Accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    internal static byte[] Ping(string payload = "") => Frame(WebSocketOpcode.Ping, Encoding.UTF8.GetBytes(payload));

    internal static byte[] Text(string text, bool fin = true) => Frame(WebSocketOpcode.Text, Encoding.UTF8.GetBytes(text), fin);

    internal static byte[] Close(int code)
    {
        var payload = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        return Frame(WebSocketOpcode.Close, payload);
    }

    internal static string UpgradeRequest(string path = "/ws", string headers = "") =>
        $"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        + $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {Key}\r\n{headers}\r\n";

    /// <summary>A frame with any header.</summary>
    internal static byte[] Frame(WebSocketOpcode opcode, ReadOnlySpan<byte> payload, bool fin = true, bool masked = true, int reserved = 0) =>
        [.. Header(opcode, payload.Length, fin, masked, reserved), .. masked ? Mask(payload) : payload];

    /// <summary>A header that announces any length.</summary>
    internal static byte[] Header(WebSocketOpcode opcode, long length, bool fin = true, bool masked = true, int reserved = 0)
    {
        var header = new List<byte> { (byte)((fin ? 0x80 : 0) | (reserved << 4) | (int)opcode) };
        var mask = masked ? 0x80 : 0;
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, length);
        if (length < 126)
        {
            header.Add((byte)(mask | (int)length));
        }
        else if (length <= ushort.MaxValue)
        {
            header.Add((byte)(mask | 126));
            header.AddRange(bytes[6..]);
        }
        else
        {
            header.Add((byte)(mask | 127));
            header.AddRange(bytes);
        }

        if (masked)
        {
            header.AddRange([0x12, 0x34, 0x56, 0x78]);
        }

        return [.. header];
    }

    internal static async Task<RawSocket> ConnectAsync(Uri address)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(address.Host, address.Port);
        return new RawSocket(client.GetStream(), () =>
        {
            if (client.Client is not null)
            {
                client.LingerState = new LingerOption(true, 0);
                client.Dispose();
            }
        });
    }

    /// <summary>Connects and upgrades.</summary>
    internal static async Task<RawSocket> OpenAsync(Uri address, string path = "/ws", string headers = "")
    {
        var socket = await ConnectAsync(address);
        await socket.WriteAsync(UpgradeRequest(path, headers));
        Assert.StartsWith("HTTP/1.1 101 ", await socket.ReadHeadAsync(), StringComparison.Ordinal);
        return socket;
    }

    internal Task WriteAsync(string text) => WriteAsync(Encoding.Latin1.GetBytes(text));

    internal async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        await stream.WriteAsync(bytes);
        await stream.FlushAsync();
    }

    internal Task SendAsync(string text) => WriteAsync(Text(text));

    /// <summary>A response's head, with its empty line.</summary>
    internal async Task<string> ReadHeadAsync()
    {
        var head = new List<byte>();
        while (head.Count < 4 || !head.TakeLast(4).SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            head.Add((await ReadAsync(1))?[0] ?? throw new IOException($"The connection ended after '{Encoding.Latin1.GetString([.. head])}'."));
        }

        return Encoding.Latin1.GetString([.. head]);
    }

    /// <summary>A response with the body that its Content-Length names.</summary>
    internal async Task<(string Head, string Body)> ReadResponseAsync()
    {
        var head = await ReadHeadAsync();
        var length = head.Split("\r\n").FirstOrDefault(static line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase));
        var body = length is null ? [] : await ReadAsync(int.Parse(length.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));
        return (head, Encoding.UTF8.GetString(body ?? []));
    }

    /// <summary>The next frame, or null at the end of the connection.</summary>
    /// <param name="patience">How long its first byte may take.</param>
    internal async Task<RawFrame?> ReadFrameAsync(TimeSpan? patience = null)
    {
        if (await ReadAsync(2, patience) is not { } start)
        {
            return null;
        }

        Assert.Equal(0x80, start[0] & 0xF0);
        var length = (long)start[1];
        Assert.True(length < 128, "A server does not mask.");
        if (length >= 126)
        {
            var extended = await ReadAsync(length == 126 ? 2 : 8);
            length = length == 126 ? BinaryPrimitives.ReadUInt16BigEndian(extended) : BinaryPrimitives.ReadInt64BigEndian(extended);
        }

        var payload = length == 0 ? [] : await ReadAsync((int)length);
        return payload is null ? null : new RawFrame((WebSocketOpcode)(start[0] & 0x0F), payload);
    }

    internal async Task<RawFrame> ExpectAsync(WebSocketOpcode opcode)
    {
        var frame = await ReadFrameAsync();
        Assert.NotNull(frame);
        Assert.True(frame.Opcode == opcode, $"Expected {opcode}, received {frame.Opcode} {frame.CloseCode} '{frame.Text}'");
        return frame;
    }

    internal async Task ExpectTextAsync(string text) => Assert.Equal(text, (await ExpectAsync(WebSocketOpcode.Text)).Text);

    /// <summary>The next frame closes with this code; after the client's answer the connection ends.</summary>
    internal async Task<RawFrame> ExpectCloseAsync(int code, bool answer = true)
    {
        var frame = await ExpectAsync(WebSocketOpcode.Close);
        Assert.Equal(code, frame.CloseCode);
        if (answer)
        {
            try
            {
                await WriteAsync(Close(code));
            }
            catch (IOException)
            {
                // The server need not wait for the answer.
            }
        }

        return frame;
    }

    /// <summary>The connection ends, by a reset or otherwise, before another frame.</summary>
    internal async Task ExpectEndAsync() => Assert.Null(await ReadFrameAsync());

    internal async Task ExpectSilenceAsync()
    {
        using var cancel = new CancellationTokenSource(200);
        var bytes = new byte[1];
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => Assert.Fail($"Expected silence, read {await stream.ReadAsync(bytes, cancel.Token)} {bytes[0]}"));
    }

    internal void Abort() => abort();

    public ValueTask DisposeAsync()
    {
        abort();
        return ValueTask.CompletedTask;
    }

    private static byte[] Mask(ReadOnlySpan<byte> payload)
    {
        byte[] mask = [0x12, 0x34, 0x56, 0x78];
        var masked = payload.ToArray();
        for (var i = 0; i < masked.Length; i++)
        {
            masked[i] ^= mask[i & 3];
        }

        return masked;
    }

    private async Task<byte[]?> ReadAsync(int count, TimeSpan? patience = null)
    {
        var bytes = new byte[count];
        using var cancel = new CancellationTokenSource(patience ?? Patience);
        try
        {
            await stream.ReadExactlyAsync(bytes, cancel.Token);
            return bytes;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            Assert.Fail($"Waited {(patience ?? Patience).TotalSeconds} s for {count} bytes.");
            throw;
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            return null;
        }
    }
}
