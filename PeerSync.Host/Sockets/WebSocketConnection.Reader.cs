using System.Buffers;
using System.Text.Unicode;
using PeerSync.Actors.Connections;
using PeerSync.Kernel;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.WebSockets;

namespace PeerSync.Host.Sockets;

/// <content>The reader: bytes to frames to messages. Only <see cref="RunAsync"/> runs it, so its state needs no lock.</content>
internal sealed partial class WebSocketConnection
{
    private const int MaxControlPayload = 125;
    private const int LargeMessage = 1024 * 1024;

    private WebSocketFrameHeader _frame;
    private long _frameRemaining;
    private int _framePhase;
    private bool _inFrame;
    private MessageBuffer? _message;
    private WebSocketOpcode _messageOpcode;
    private byte[]? _control;
    private int _controlLength;
    private int _maxMessageSize;
    private bool _closeReceived;
    private bool _framingLost;
    private bool _waitForCredit;
    private volatile bool _alive = true;
    private int _unansweredPings;
    private volatile int _inFlightLimit;
    private TokenBucket _budget;
    private double _ticksPerMessage;
    private int _messageBurst;
    private bool _pausesOverBudget;
    private bool _overBudget;
    private long _lastRateNotice;
    private int _rateNotices;

    private bool IsClosing => Volatile.Read(ref _closeCode) != 0;

    private async Task ReadAsync()
    {
        var input = _transport.Input;
        while (true)
        {
            var result = await input.ReadAsync();
            var buffer = result.Buffer;
            SequencePosition consumed;

            // What the actors do with these messages runs right after this batch, on this thread.
            DispatcherTurn.Enter();
            try
            {
                consumed = Process(buffer);
                input.AdvanceTo(consumed, _waitForCredit ? consumed : buffer.End);
            }
            finally
            {
                DispatcherTurn.Exit();
            }

            if (_closeReceived || result.IsCompleted || result.IsCanceled)
            {
                return;
            }

            if (_framingLost)
            {
                await DiscardAsync();
                return;
            }

            if (_waitForCredit)
            {
                _waitForCredit = false;
                await WaitForCreditAsync();
            }
        }
    }

    // Closing a socket with unread bytes resets it, and the reset can overtake the close frame. So the rest is read and thrown away
    // until the client hangs up or the close deadline cuts the connection.
    private async Task DiscardAsync()
    {
        var input = _transport.Input;
        while (true)
        {
            var result = await input.ReadAsync();
            input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted || result.IsCanceled)
            {
                return;
            }
        }
    }

    private SequencePosition Process(in ReadOnlySequence<byte> buffer)
    {
        var reader = new SequenceReader<byte>(buffer);
        while (!_closeReceived && !_framingLost)
        {
            if (!_inFrame)
            {
                if (MayNotRead())
                {
                    _waitForCredit = true;
                    break;
                }

                if (!TryBeginFrame(ref reader))
                {
                    break;
                }
            }

            while (_frameRemaining > 0 && !reader.End)
            {
                var span = reader.UnreadSpan;
                if (span.Length > _frameRemaining)
                {
                    span = span[..(int)_frameRemaining];
                }

                AppendPayload(span);
                _framePhase = (_framePhase + span.Length) & 3;
                _frameRemaining -= span.Length;
                reader.Advance(span.Length);
            }

            if (_frameRemaining > 0)
            {
                break;
            }

            _inFrame = false;
            EndFrame();
        }

        _metrics.BytesReceived.Add(reader.Consumed);
        return reader.Position;
    }

    private bool TryBeginFrame(ref SequenceReader<byte> reader)
    {
        if (reader.End)
        {
            return false;
        }

        WebSocketFrameHeader header;
        var status = WebSocketFrameHeader.TryReadClient(reader.UnreadSpan, out header);
        if (status == FrameReadStatus.NeedMoreData && reader.Remaining > reader.UnreadSpan.Length)
        {
            // The header lies across two segments.
            Span<byte> bytes = stackalloc byte[WebSocketFrameHeader.MaxLength];
            bytes = bytes[..(int)Math.Min(reader.Remaining, bytes.Length)];
            reader.TryCopyTo(bytes);
            status = WebSocketFrameHeader.TryReadClient(bytes, out header);
        }

        if (status == FrameReadStatus.NeedMoreData)
        {
            return false;
        }

        if (status == FrameReadStatus.ProtocolError)
        {
            Fail(WebSocketCloseCode.ProtocolError);
            return false;
        }

        reader.Advance(header.HeaderLength);
        _alive = true;
        _frame = header;
        _frameRemaining = header.PayloadLength;
        _framePhase = 0;
        _inFrame = true;
        return TryBeginMessage(header);
    }

    private bool TryBeginMessage(WebSocketFrameHeader header)
    {
        switch (header.Opcode)
        {
            case WebSocketOpcode.Text or WebSocketOpcode.Binary:
                if (_messageOpcode != WebSocketOpcode.Continuation)
                {
                    Fail(WebSocketCloseCode.ProtocolError);
                    return false;
                }

                _messageOpcode = header.Opcode;
                break;
            case WebSocketOpcode.Continuation:
                if (_messageOpcode == WebSocketOpcode.Continuation)
                {
                    Fail(WebSocketCloseCode.ProtocolError);
                    return false;
                }

                break;
            default:
                _controlLength = 0;
                return true;
        }

        if (!IsClosing && header.PayloadLength > Volatile.Read(ref _maxMessageSize) - (_message?.Length ?? 0))
        {
            // The frame's extent is known, so its payload is skipped and the client's answer to the close can be read.
            TryClose(WebSocketCloseCode.MessageTooBig, string.Empty);
            DropPartialMessage();
        }

        return true;
    }

    private void AppendPayload(ReadOnlySpan<byte> payload)
    {
        if (_frame.Opcode >= WebSocketOpcode.Close)
        {
            _control ??= new byte[MaxControlPayload];
            WebSocketMask.Apply(payload, _control.AsSpan(_controlLength), _frame.MaskKey, _framePhase);
            _controlLength += payload.Length;
            return;
        }

        if (IsClosing)
        {
            return;
        }

        _message ??= MessageBuffer.Rent((int)Math.Min(_frameRemaining, payload.Length));
        WebSocketMask.Apply(payload, _message.GetSpan(payload.Length), _frame.MaskKey, _framePhase);
        _message.Advance(payload.Length);
    }

    private void EndFrame()
    {
        switch (_frame.Opcode)
        {
            case WebSocketOpcode.Ping:
                AnswerPing();
                break;
            case WebSocketOpcode.Pong:
                break;
            case WebSocketOpcode.Close:
                OnCloseFrame();
                break;
            default:
                if (_frame.Fin)
                {
                    EndMessage();
                }

                break;
        }
    }

    private void EndMessage()
    {
        var message = _message ?? MessageBuffer.Rent();
        var isText = _messageOpcode == WebSocketOpcode.Text;
        _message = null;
        _messageOpcode = WebSocketOpcode.Continuation;
        if (IsClosing)
        {
            message.Release();
            return;
        }

        if (isText && !Utf8.IsValid(message.Span))
        {
            message.Release();
            TryClose(WebSocketCloseCode.InvalidPayload, string.Empty);
            return;
        }

        if (!TrySpendBudget())
        {
            message.Release();
            return;
        }

        _metrics.MessagesReceived.Increment();
        Deliver(message, isText);
    }

    private bool TrySpendBudget()
    {
        if (_ticksPerMessage <= 0)
        {
            return true;
        }

        var now = _server.Time.GetTimestamp();
        if (_budget.TryTake(now, _ticksPerMessage, _messageBurst))
        {
            return true;
        }

        if (_pausesOverBudget)
        {
            // This message is let through; the next one is read when there is room for it in the budget.
            _overBudget = true;
            _server.Metrics.RateLimited("message");
            return true;
        }

        _server.Metrics.RateLimited("message");
        if (_rateNotices > 0 && _server.Time.GetElapsedTime(_lastRateNotice, now) < TimeSpan.FromSeconds(1))
        {
            return false;
        }

        // A client that is told ten seconds in a row and still does not slow down is not one that listens.
        _rateNotices = _rateNotices > 0 && _server.Time.GetElapsedTime(_lastRateNotice, now) < TimeSpan.FromSeconds(2) ? _rateNotices + 1 : 1;
        _lastRateNotice = now;
        if (_rateNotices > 10)
        {
            TryClose(WebSocketCloseCode.PolicyViolation, SocketCloseReasons.TooManyMessages);
        }
        else
        {
            _actor?.Tell(RateLimitExceeded.Instance, ActorRefs.NoSender);
        }

        return false;
    }

    private bool TryClearBudget()
    {
        if (!_budget.TryTake(_server.Time.GetTimestamp(), _ticksPerMessage, _messageBurst))
        {
            return false;
        }

        _overBudget = false;
        return true;
    }

    private void AnswerPing()
    {
        // Only the newest ping needs an answer (RFC 6455, section 5.5.3), so a flood of them costs one stored payload.
        var payload = _controlLength == 0 ? [] : _control.AsSpan(0, _controlLength).ToArray();
        Volatile.Write(ref _pongPayload, payload);
        RequestControlFrame(ControlFrames.Pong);
    }

    private void OnCloseFrame()
    {
        _closeReceived = true;
        var valid = WebSocketClosePayload.TryRead(_control.AsSpan(0, _controlLength), out var code);
        if (!valid)
        {
            code = WebSocketCloseCode.ProtocolError;
        }
        else if (code == WebSocketCloseCode.NoStatusReceived)
        {
            code = WebSocketCloseCode.NormalClosure;
        }

        TryClose(code, string.Empty);
    }

    private void Fail(int code)
    {
        _framingLost = true;
        DropPartialMessage();
        TryClose(code, string.Empty);
    }

    private void DropPartialMessage() => Interlocked.Exchange(ref _message, null)?.Release();
}
