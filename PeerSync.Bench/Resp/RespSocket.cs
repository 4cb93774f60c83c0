using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PeerSync.Bench.Resp;

/// <summary>A plain socket that speaks as much of Redis's protocol as the measurements need.</summary>
internal sealed class RespSocket : IDisposable
{
    private static readonly byte[] MessageStart = Encoding.ASCII.GetBytes(
        $"*3\r\n$7\r\nmessage\r\n${RespTarget.Channel.Length}\r\n{RespTarget.Channel}\r\n$");

    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[512];
    private int _length;

    private RespSocket(Socket socket)
    {
        _socket = socket;
    }

    public static async Task<RespSocket> ConnectAsync(int port, IPAddress? source, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (source is not null)
            {
                socket.Bind(new IPEndPoint(source, 0));
            }

            await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return new RespSocket(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a command and waits for an answer on one line that is no error.</summary>
    /// <exception cref="InvalidDataException">The answer is an error.</exception>
    public async Task AskAsync(CancellationToken cancellationToken, params string[] words)
    {
        await SendAsync(words, cancellationToken);
        while (_buffer.AsSpan(0, _length).IndexOf("\r\n"u8) < 0)
        {
            await ReceiveAsync(cancellationToken);
        }

        var line = Encoding.UTF8.GetString(_buffer, 0, _buffer.AsSpan(0, _length).IndexOf("\r\n"u8));
        if (line[0] == '-')
        {
            throw new InvalidDataException($"{words[0]} was answered with {line}");
        }

        _length = 0;
    }

    /// <summary>Subscribes; messages may follow at once.</summary>
    public async Task SubscribeAsync(CancellationToken cancellationToken)
    {
        await SendAsync(["SUBSCRIBE", RespTarget.Channel], cancellationToken);
        var answer = Encoding.ASCII.GetBytes($"*3\r\n$9\r\nsubscribe\r\n${RespTarget.Channel.Length}\r\n{RespTarget.Channel}\r\n:1\r\n");
        while (_length < answer.Length)
        {
            await ReceiveAsync(cancellationToken);
        }

        if (!_buffer.AsSpan(0, answer.Length).SequenceEqual(answer))
        {
            throw new InvalidDataException("SUBSCRIBE was not answered as it should.");
        }

        Consume(answer.Length);
    }

    /// <summary>Counts messages until the connection ends.</summary>
    public async Task ListenAsync(Action<int> arrived, CancellationToken cancellationToken)
    {
        while (true)
        {
            var count = 0;
            while (MessageLength() is var length and > 0 && length <= _length)
            {
                Consume(length);
                count++;
            }

            if (count > 0)
            {
                arrived(count);
            }

            await ReceiveAsync(cancellationToken);
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>How long the message is that the buffer begins with; 0 where that cannot be told yet.</summary>
    private int MessageLength()
    {
        var bytes = _buffer.AsSpan(0, _length);
        if (bytes.Length < MessageStart.Length)
        {
            return 0;
        }

        if (!bytes.StartsWith(MessageStart))
        {
            throw new InvalidDataException("Something else than a message arrived.");
        }

        var rest = bytes[MessageStart.Length..];
        var end = rest.IndexOf((byte)'\r');
        return end > 0 && Utf8Parser.TryParse(rest[..end], out int payload, out _) ? MessageStart.Length + end + 2 + payload + 2 : 0;
    }

    private void Consume(int count)
    {
        _buffer.AsSpan(count, _length - count).CopyTo(_buffer);
        _length -= count;
    }

    private Task<int> SendAsync(string[] words, CancellationToken cancellationToken)
    {
        var text = new StringBuilder().Append('*').Append(words.Length).Append("\r\n");
        foreach (var word in words)
        {
            text.Append('$').Append(Encoding.UTF8.GetByteCount(word)).Append("\r\n").Append(word).Append("\r\n");
        }

        return _socket.SendAsync(Encoding.UTF8.GetBytes(text.ToString()), SocketFlags.None, cancellationToken).AsTask();
    }

    private async ValueTask ReceiveAsync(CancellationToken cancellationToken)
    {
        var count = await _socket.ReceiveAsync(_buffer.AsMemory(_length), SocketFlags.None, cancellationToken);
        if (count == 0)
        {
            throw new InvalidOperationException("The server has ended a connection.");
        }

        _length += count;
    }
}
