using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace PeerSync.Tests.Sharing;

/// <summary>A client of Redis's protocol that sends what a test says and waits for one answer after the other.</summary>
internal sealed class RespClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TcpClient _tcp;
    private readonly Stream _stream;
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    private RespClient(TcpClient tcp, Stream stream)
    {
        _tcp = tcp;
        _stream = stream;
    }

    /// <summary>What an error answer says.</summary>
    internal sealed record Error(string Text);

    internal static async Task<RespClient> ConnectAsync(Uri address, int? receiveBuffer = null)
    {
        var tcp = new TcpClient { NoDelay = true };
        if (receiveBuffer is { } size)
        {
            tcp.ReceiveBufferSize = size;
        }

        await tcp.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);
        Stream stream = tcp.GetStream();
        if (address.Scheme == "rediss")
        {
            // Whoever made it: the tests make their own.
            var tls = new SslStream(stream, leaveInnerStreamOpen: false, static (_, certificate, _, _) => certificate?.Subject == "CN=localhost");
            await tls.AuthenticateAsClientAsync("localhost").WaitAsync(Patience);
            stream = tls;
        }

        return new RespClient(tcp, stream);
    }

    /// <summary>Connects, logs in and subscribes.</summary>
    internal static async Task<RespClient> SubscribeAsync(Uri address, string password, int? receiveBuffer = null)
    {
        var client = await ConnectAsync(address, receiveBuffer);
        Assert.Equal("OK", await client.AskAsync("AUTH", password));
        Assert.Equal(["subscribe", "osmynt-recent-snippets", 1L], await client.AskArrayAsync("SUBSCRIBE", "osmynt-recent-snippets"));
        return client;
    }

    internal static byte[] Encode(params string[] words) => Encoding.UTF8.GetBytes(
        $"*{words.Length}\r\n" + string.Concat(words.Select(static word => $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n")));

    internal Task SendAsync(params string[] words) => SendAsync(Encode(words));

    internal Task SendAsync(ReadOnlyMemory<byte> bytes) => _stream.WriteAsync(bytes, TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);

    /// <summary>Sends a command and reads its answer: text, a number, an array, an <see cref="Error"/>, or null.</summary>
    internal async Task<object?> AskAsync(params string[] words)
    {
        await SendAsync(words);
        return await ReadAsync();
    }

    internal async Task<object?[]> AskArrayAsync(params string[] words) => Assert.IsType<object?[]>(await AskAsync(words));

    /// <summary>Sends a command that is refused.</summary>
    internal async Task<string> AskErrorAsync(params string[] words) => Assert.IsType<Error>(await AskAsync(words)).Text;

    /// <summary>The next message of the channel.</summary>
    internal async Task<string> NextMessageAsync()
    {
        var message = Assert.IsType<object?[]>(await ReadAsync());
        Assert.Equal(["message", "osmynt-recent-snippets"], message[..2]);
        return Assert.IsType<string>(message[2]);
    }

    /// <summary>The next answer.</summary>
    internal async Task<object?> ReadAsync()
    {
        var line = await LineAsync();
        var rest = line[1..];
        switch (line[0])
        {
            case '+':
                return rest;
            case '-':
                return new Error(rest);
            case ':':
                return long.Parse(rest, CultureInfo.InvariantCulture);
            case '$' when rest == "-1":
                return null;
            case '$':
                var bytes = await BytesAsync(int.Parse(rest, CultureInfo.InvariantCulture) + 2);
                return Encoding.UTF8.GetString(bytes.AsSpan(0, bytes.Length - 2));
            case '*':
                var values = new object?[int.Parse(rest, CultureInfo.InvariantCulture)];
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = await ReadAsync();
                }

                return values;
            default:
                throw new InvalidOperationException($"This is no answer: {line}");
        }
    }

    /// <summary>Waits until the server has ended the connection.</summary>
    internal async Task WaitForEndAsync()
    {
        try
        {
            while (await FillAsync())
            {
                _start = _end = 0;
            }
        }
        catch (IOException)
        {
            // Reset, which is an end too.
        }
    }

    public ValueTask DisposeAsync()
    {
        _tcp.Dispose();
        return _stream.DisposeAsync();
    }

    private async Task<string> LineAsync()
    {
        var line = new StringBuilder();
        while (true)
        {
            var one = (char)(await BytesAsync(1))[0];
            if (one == '\n')
            {
                return line.ToString();
            }

            if (one != '\r')
            {
                line.Append(one);
            }
        }
    }

    private async Task<byte[]> BytesAsync(int count)
    {
        var bytes = new byte[count];
        var read = 0;
        while (read < count)
        {
            if (_start == _end && !await FillAsync())
            {
                throw new EndOfStreamException("The server has ended the connection.");
            }

            var part = Math.Min(count - read, _end - _start);
            _buffer.AsSpan(_start, part).CopyTo(bytes.AsSpan(read));
            _start += part;
            read += part;
        }

        return bytes;
    }

    private async Task<bool> FillAsync()
    {
        _start = 0;
        try
        {
            _end = await _stream.ReadAsync(_buffer, TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Waited {Patience.TotalSeconds} s for the server.");
        }

        return _end > 0;
    }
}
