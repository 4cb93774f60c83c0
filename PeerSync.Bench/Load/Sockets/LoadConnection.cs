using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;

namespace PeerSync.Bench.Load.Sockets;

/// <summary>
/// One WebSocket connection of the client. It delimits what it receives and keeps only what somebody asks for. All members are for
/// the thread of its <see cref="EventLoop"/>.
/// </summary>
internal sealed class LoadConnection : IReadyHandler
{
    private readonly EventLoop _loop;
    private readonly Queue<byte[]> _texts = new();
    private readonly Queue<ReadOnlyMemory<byte>> _unsent = new();
    private FrameDelimiter _delimiter;
    private FrameHeader _header;
    private long _payloadLeft;
    private byte[]? _payload;
    private int _payloadCount;
    private MemoryStream? _fragments;
    private HandedMessages? _handed;
    private long _messageLength;
    private byte[] _upgradeAnswer = [];
    private bool _isUpgraded;
    private bool _isCloseSent;
    private bool _isWriteWatched;
    private bool _isSendScheduled;
    private int _unsentOffset;
    private int _frames;
    private int _frameOffset;
    private int _descriptor = -1;
    private TaskCompletionSource? _writable;
    private TaskCompletionSource? _upgraded;
    private TaskCompletionSource<byte[]>? _textWaiter;
    private TaskCompletionSource? _closed;

    private LoadConnection(EventLoop loop)
    {
        _loop = loop;
    }

    /// <summary>The loop that this connection belongs to.</summary>
    public EventLoop Loop => _loop;

    /// <summary>The name under which others reach this connection's user.</summary>
    public string PeerId { get; set; } = "";

    public ReceiveMode Mode { get; set; }

    /// <summary>The lane that this connection sends on.</summary>
    public Lane? Outbound { get; set; }

    /// <summary>The lane whose messages this connection receives.</summary>
    public Lane? Inbound { get; set; }

    /// <summary>Whether a message that is not the lane's may arrive (a keep-alive, presence); any other one is a fault.</summary>
    public Func<byte[], bool> IsExpectedAside { get; set; } = _ => false;

    /// <summary>A keep-alive that the server sends as a message, and the client answers in every mode; null when the WebSocket protocol's pings do.</summary>
    public (byte[] Ping, byte[] Pong)? KeepAlive { get; set; }

    /// <summary>Messages counted, and the bytes of their frames, in <see cref="ReceiveMode.Count"/>.</summary>
    public long CountedMessages { get; private set; }

    /// <inheritdoc cref="CountedMessages"/>
    public long CountedBytes { get; private set; }

    /// <summary>Why the connection has ended, if it was not closed by the client.</summary>
    public Exception? Error { get; private set; }

    /// <summary>Connects and upgrades.</summary>
    public static async Task<LoadConnection> OpenAsync(EventLoop loop, IPAddress source, int port, string path)
    {
        var connection = new LoadConnection(loop) { _descriptor = Libc.OpenSocket() };
        try
        {
            Libc.Bind(connection._descriptor, Libc.SocketAddress(source, 0));
            Libc.Connect(connection._descriptor, Libc.SocketAddress(IPAddress.Loopback, port));
            connection._writable = new TaskCompletionSource();
            loop.Watch(connection._descriptor, connection, Libc.EpollOut);
            await connection._writable.Task;
            loop.Watch(connection._descriptor, connection, Libc.EpollIn);
            connection._upgraded = new TaskCompletionSource();
            connection.Send(ClientFrame.UpgradeRequest(path, port));
            await connection._upgraded.Task;
            return connection;
        }
        catch
        {
            connection.Abort();
            throw;
        }
    }

    /// <summary>Sends bytes as they are (whole frames), after what is already waiting. They must stay as they are until they have left.</summary>
    public void Send(ReadOnlyMemory<byte> frames)
    {
        _unsent.Enqueue(frames);
        Flush();
    }

    /// <summary>Hands every message to a handler from here on, with those that have arrived and that nobody has asked for.</summary>
    public void HandleWith(IMessageHandler handler)
    {
        _handed = new HandedMessages(handler);
        Mode = ReceiveMode.Hand;
        while (_texts.TryDequeue(out var text))
        {
            handler.OnMessage(text);
        }

        handler.OnReceived();
    }

    /// <summary>Sends the outbound lane's frame so many times, at the end of the loop's round.</summary>
    public void SendFrames(int count)
    {
        _frames += count;
        if (!_isSendScheduled)
        {
            _isSendScheduled = true;
            _loop.SendLater(this);
        }
    }

    /// <summary>The next message. Only one caller at a time.</summary>
    public Task<byte[]> ReceiveTextAsync()
    {
        if (_texts.TryDequeue(out var text))
        {
            return Task.FromResult(text);
        }

        if (Error is not null)
        {
            return Task.FromException<byte[]>(Error);
        }

        _textWaiter = new TaskCompletionSource<byte[]>();
        return _textWaiter.Task;
    }

    /// <summary>Sends a close frame; the task ends when the server has closed as well.</summary>
    public Task CloseAsync()
    {
        if (_descriptor < 0)
        {
            return Task.CompletedTask;
        }

        _closed = new TaskCompletionSource();
        var done = _closed.Task;
        Send(ClientFrame.Build(FrameHeader.Close, [0x03, 0xE8]));
        _isCloseSent = true;
        return done;
    }

    /// <summary>Gives the descriptor back at once.</summary>
    public void Abort()
    {
        if (_descriptor >= 0)
        {
            _loop.Forget(_descriptor);
            Libc.Close(_descriptor);
            _descriptor = -1;
        }

        _closed?.TrySetResult();
    }

    public void OnReady(uint events)
    {
        try
        {
            if (_writable is { } writable)
            {
                _writable = null;
                var error = Libc.TakeError(_descriptor);
                if (error != 0)
                {
                    writable.SetException(new IOException("connect: " + Marshal.GetPInvokeErrorMessage(error)));
                    return;
                }

                writable.SetResult();
                return;
            }

            if ((events & Libc.EpollOut) != 0)
            {
                Flush();
            }

            if ((events & ~Libc.EpollOut) != 0 && _descriptor >= 0)
            {
                ReceiveOnce();
            }
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    /// <summary>Sends what is waiting, as far as the socket takes it: whole single frames first, then the lane's.</summary>
    public void Flush()
    {
        _isSendScheduled = false;
        while (_descriptor >= 0)
        {
            ReadOnlySpan<byte> data;
            // Between two frames of the lane something else may go first; inside one it must wait.
            var isSingle = _frameOffset == 0 && _unsent.Count > 0;
            if (isSingle)
            {
                data = _unsent.Peek().Span[_unsentOffset..];
            }
            else if (_frames > 0)
            {
                var lane = Outbound!;
                var frames = _unsent.Count > 0 ? 1 : Math.Min(_frames, lane.Burst.Length / lane.FrameLength);
                data = lane.Burst.AsSpan(_frameOffset, (frames * lane.FrameLength) - _frameOffset);
            }
            else
            {
                SetWriteWatched(false);
                return;
            }

            var sent = Libc.Send(_descriptor, data);
            if (sent < 0)
            {
                var error = Marshal.GetLastPInvokeError();
                if (error == Libc.WouldBlock)
                {
                    SetWriteWatched(true);
                }
                else if (error != Libc.Interrupted)
                {
                    Fail(Libc.Failure("send"));
                }

                if (error != Libc.Interrupted)
                {
                    return;
                }
            }
            else if (isSingle)
            {
                _unsentOffset += sent;
                if (sent == data.Length)
                {
                    _unsentOffset = 0;
                    _ = _unsent.Dequeue();
                }
            }
            else
            {
                var (done, offset) = Math.DivRem(_frameOffset + sent, Outbound!.FrameLength);
                _frames -= done;
                _frameOffset = offset;
            }
        }
    }

    private void SetWriteWatched(bool isWatched)
    {
        if (_isWriteWatched != isWatched)
        {
            _isWriteWatched = isWatched;
            _loop.Watch(_descriptor, this, isWatched ? Libc.EpollIn | Libc.EpollOut : Libc.EpollIn);
        }
    }

    private void ReceiveOnce()
    {
        var buffer = _loop.ReceiveBuffer;
        var count = Libc.Receive(_descriptor, buffer);
        if (count > 0)
        {
            var data = buffer.AsSpan(0, count);
            Consume(_isUpgraded ? data : TakeUpgradeAnswer(data));
            return;
        }

        if (count == 0)
        {
            Fail(new IOException("The server ended the connection."));
            return;
        }

        if (Marshal.GetLastPInvokeError() is not (Libc.WouldBlock or Libc.Interrupted))
        {
            Fail(Libc.Failure("recv"));
        }
    }

    private ReadOnlySpan<byte> TakeUpgradeAnswer(ReadOnlySpan<byte> data)
    {
        _upgradeAnswer = [.. _upgradeAnswer, .. data];
        var end = _upgradeAnswer.AsSpan().IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return _upgradeAnswer.Length < 16 * 1024 ? [] : throw new InvalidDataException("The answer to the upgrade does not end.");
        }

        if (!_upgradeAnswer.AsSpan().StartsWith("HTTP/1.1 101 "u8))
        {
            throw new InvalidDataException("No upgrade: " + Encoding.ASCII.GetString(_upgradeAnswer.AsSpan(0, Math.Min(end, 200))));
        }

        ReadOnlySpan<byte> rest = _upgradeAnswer.AsSpan(end + 4);
        _upgradeAnswer = [];
        _isUpgraded = true;
        _upgraded!.SetResult();
        return rest;
    }

    private void Consume(ReadOnlySpan<byte> data)
    {
        var laneMessages = 0;
        while (_descriptor >= 0)
        {
            if (_payloadLeft > 0)
            {
                var take = (int)Math.Min(_payloadLeft, data.Length);
                if (_payload is not null)
                {
                    data[..take].CopyTo(_payload.AsSpan(_payloadCount));
                    _payloadCount += take;
                }
                else if (Mode == ReceiveMode.Hand)
                {
                    _handed!.Add(data[..take], isLast: take == _payloadLeft);
                }

                _payloadLeft -= take;
                data = data[take..];
                if (_payloadLeft > 0)
                {
                    break;
                }

                laneMessages += EndFrame();
                continue;
            }

            if (data.IsEmpty || !_delimiter.TryReadHeader(ref data, out _header))
            {
                break;
            }

            _payloadLeft = _header.Length;
            _payload = MustKeepPayload() ? new byte[_header.Length] : null;
            _payloadCount = 0;
            if (_payloadLeft == 0)
            {
                laneMessages += EndFrame();
            }
        }

        if (laneMessages > 0)
        {
            var lane = Inbound!;
            lane.Received += laneMessages;
            lane.Driver?.OnReceived(lane, laneMessages);
        }

        _handed?.EndBatch();
    }

    private bool MustKeepPayload()
    {
        return _header.IsControl
            || Mode == ReceiveMode.Converse
            || (_header.Length == KeepAlive?.Ping.Length)
            || (Mode == ReceiveMode.Lane && _header.IsFinal && _messageLength == 0 && !IsOfLane(_header.Length));
    }

    private bool IsOfLane(long length)
    {
        var lane = Inbound!;
        return length == lane.ReceivedLength || (lane.MayBatch && length > 0 && length % lane.ReceivedLength == 0);
    }

    /// <summary>A frame is complete; returns how many of the lane's messages it has completed.</summary>
    private int EndFrame()
    {
        if (_header.IsControl)
        {
            OnControlFrame();
            return 0;
        }

        if (_payload is not null && KeepAlive is var (ping, pong) && _payload.AsSpan().SequenceEqual(ping))
        {
            Send(ClientFrame.Build(FrameHeader.Text, pong));
            return 0;
        }

        _messageLength += _header.Length;
        switch (Mode)
        {
            case ReceiveMode.Count:
                CountedBytes += _header.Length + (_header.Length switch { < 126 => 2, <= ushort.MaxValue => 4, _ => 10 });
                CountedMessages += _header.IsFinal ? 1 : 0;
                break;

            case ReceiveMode.Lane when _header.IsFinal && IsOfLane(_messageLength):
                var count = (int)(_messageLength / Inbound!.ReceivedLength);
                _messageLength = 0;
                return count;

            case ReceiveMode.Lane when _header.IsFinal:
                if (_payload is null || !IsExpectedAside(_payload))
                {
                    throw new InvalidDataException($"A message of {_messageLength} bytes was not expected: {Describe(_payload)}");
                }

                break;

            case ReceiveMode.Hand when !_header.IsFinal:
                throw new InvalidDataException("The server sent a message in fragments.");

            case ReceiveMode.Hand when _payload is not null:
                _handed!.Add(_payload, isLast: true);
                break;

            case ReceiveMode.Converse when _header.IsFinal && _fragments is null:
                OnText(_payload!);
                break;

            case ReceiveMode.Converse:
                _fragments ??= new MemoryStream();
                _fragments.Write(_payload!);
                if (_header.IsFinal)
                {
                    var whole = _fragments.ToArray();
                    _fragments = null;
                    OnText(whole);
                }

                break;
        }

        if (_header.IsFinal)
        {
            _messageLength = 0;
        }

        return 0;
    }

    private void OnText(byte[] text)
    {
        if (_textWaiter is { } waiter)
        {
            _textWaiter = null;
            waiter.SetResult(text);
        }
        else
        {
            _texts.Enqueue(text);
        }
    }

    private void OnControlFrame()
    {
        if (_header.Opcode == FrameHeader.Ping)
        {
            Send(ClientFrame.Build(FrameHeader.Pong, _payload));
        }
        else if (_header.Opcode == FrameHeader.Close)
        {
            var code = _payload!.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(_payload) : 1005;
            var reason = _payload.Length > 2 ? " " + Encoding.UTF8.GetString(_payload.AsSpan(2)) : "";
            Fail(new IOException(string.Create(CultureInfo.InvariantCulture, $"The server closed with {code}{reason}")));
        }
    }

    private void Fail(Exception error)
    {
        if (_descriptor < 0)
        {
            return;
        }

        // The end that a close frame of the client brings is no fault.
        Error = _isCloseSent ? null : error;
        Abort();
        _upgraded?.TrySetException(error);
        _textWaiter?.TrySetException(error);
    }

    private static string Describe(byte[]? payload)
    {
        return payload is null ? "" : Encoding.UTF8.GetString(payload.AsSpan(0, Math.Min(payload.Length, 200)));
    }
}
