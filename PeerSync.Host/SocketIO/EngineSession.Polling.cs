using System.Buffers;
using PeerSync.Actors.Connections;
using PeerSync.Actors.SocketIO;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.SocketIO;
using PeerSync.Protocol.WebSockets;

namespace PeerSync.Host.SocketIO;

/// <content>Long-polling, and the change from it to a WebSocket.</content>
internal sealed partial class EngineSession
{
    /// <summary>Whether a poll waits.</summary>
    internal bool IsPollPending => _polling?.Poll is not null;

    /// <summary>Whether a POST is under way.</summary>
    internal bool IsPosting => _polling?.IsPosting == true;

    /// <summary>Begins a poll.</summary>
    /// <param name="pending">What the poll waits for, where it has to.</param>
    /// <returns>How to answer, where nothing is waited for. After anything but a refusal <see cref="TryEndPoll"/> must follow.</returns>
    internal PollEnd BeginPoll(out TaskCompletionSource<PollEnd>? pending)
    {
        pending = null;
        lock (_gate)
        {
            if (_state == State.Closed)
            {
                return PollEnd.Unknown;
            }

            if (_polling is not { IsPolling: false } polling)
            {
                return PollEnd.Refused;
            }

            polling.IsPolling = true;
            polling.PollWaiter?.TrySetResult();
            if (_state == State.Lingering || polling.Queue.Count > 0)
            {
                return PollEnd.Data;
            }

            pending = new TaskCompletionSource<PollEnd>(TaskCreationOptions.RunContinuationsAsynchronously);
            polling.Poll = pending;
            if (_probe is { IsAnswered: true })
            {
                _ = ReleasePollSoonAsync(pending);
            }

            return PollEnd.Data;
        }
    }

    /// <summary>Ends a poll that shall be answered with data, and takes the data: before it is sent, since the next poll may come as soon as the client has it.</summary>
    /// <param name="output">Takes the payload.</param>
    /// <returns>Whether there is anything to send. There is none where the session ended meanwhile.</returns>
    internal bool TryEndPoll(IBufferWriter<byte> output)
    {
        var isOver = false;
        var isFirst = true;
        lock (_gate)
        {
            if (_polling is not { } polling || _state == State.Closed)
            {
                return false;
            }

            polling.IsPolling = false;
            var size = 0L;
            while (size < _server.Options.MaxPayload && polling.Queue.TryTake() is { } packet)
            {
                size += packet.Length;
                EnginePayload.Append(output, packet.Span, packet.IsBinary, isFirst);
                packet.Release();
                isFirst = false;
                _server.Metrics.MessagesSent.Increment();
            }

            _server.Metrics.BytesSent.Add(size);
            _ = polling.Queue.TryGoIdle();
            if (_state == State.Lingering && polling.Queue.Count == 0)
            {
                EnginePayload.Append(output, EngineWriter.Close, isBinary: false, isFirst);
                isFirst = false;
                isOver = true;
            }
        }

        if (isOver)
        {
            End(SocketIODisconnectReason.ServerClosed);
        }

        return !isFirst;
    }

    /// <summary>Ends a poll that is answered without data.</summary>
    internal void EndPoll()
    {
        lock (_gate)
        {
            if (_polling is { } polling)
            {
                polling.IsPolling = false;
            }
        }
    }

    /// <summary>Begins a POST; false where another one is under way or the session does not poll.</summary>
    internal bool TryBeginPost()
    {
        lock (_gate)
        {
            if (_polling is not { IsPosting: false } polling)
            {
                return false;
            }

            polling.IsPosting = true;
            return true;
        }
    }

    /// <summary>Ends a POST, before it is answered.</summary>
    internal void EndPost()
    {
        lock (_gate)
        {
            if (_polling is { } polling)
            {
                polling.IsPosting = false;
            }
        }
    }

    /// <summary>Hands on the packets of a payload, no faster than they are dealt with.</summary>
    /// <param name="payload">A payload that was read to its end without a fault.</param>
    internal async Task ReceiveAsync(ReadOnlyMemory<byte> payload)
    {
        if (_polling is not { } polling)
        {
            return;
        }

        var position = 0;
        _server.Metrics.BytesReceived.Add(payload.Length);
        while (EnginePayload.ReadNext(payload.Span, ref position, out var packet) == EngineReadStatus.Packet)
        {
            if (packet.Type == EnginePacketType.Close)
            {
                await WaitForPollAsync();
                End(SocketIODisconnectReason.TransportClosed);
                return;
            }

            await polling.WaitForCreditAsync();
            polling.TakeCredit();
            _server.Metrics.MessagesReceived.Increment();
            var text = payload.Span.Slice(packet.Start, packet.Length);
            var message = MessageBuffer.Rent(packet.Length);
            if (packet.IsBinary)
            {
                EnginePayload.DecodeBinary(message, text);
            }
            else
            {
                message.Write(text);
            }

            OnPacket(message, !packet.IsBinary, polling);
        }
    }

    /// <summary>Begins the change to a WebSocket, which is closed where the session is not there to be changed.</summary>
    internal void BeginUpgrade(IConnection connection)
    {
        lock (_gate)
        {
            if (_state == State.Open && _polling is not null && _probe is null)
            {
                _probe = new Probe(connection, _server.Now + (long)_server.Options.UpgradeTimeout.TotalMilliseconds);
                return;
            }
        }

        connection.Close(WebSocketCloseCode.NoStatusReceived, string.Empty);
    }

    private void OnProbePacket(Probe probe, ReadOnlySpan<byte> packet, bool isText)
    {
        if (isText && !probe.IsAnswered && packet.SequenceEqual(EngineWriter.ProbePing))
        {
            lock (_gate)
            {
                probe.IsAnswered = true;
                if (_polling?.Poll is { } poll)
                {
                    _ = ReleasePollSoonAsync(poll);
                }
            }

            probe.Connection.Send(MessageBuffer.Copy(EngineWriter.ProbePong));
        }
        else if (isText && probe.IsAnswered && packet is [(byte)'5'])
        {
            CompleteUpgrade(probe);
        }
        else
        {
            lock (_gate)
            {
                _probe = ReferenceEquals(_probe, probe) ? null : _probe;
            }

            probe.Connection.Close(WebSocketCloseCode.NoStatusReceived, string.Empty);
        }
    }

    private void CompleteUpgrade(Probe probe)
    {
        TaskCompletionSource<PollEnd>? poll;
        lock (_gate)
        {
            if (_state != State.Open || !ReferenceEquals(_probe, probe) || _polling is not { } polling)
            {
                return;
            }

            _probe = null;
            _polling = null;
            _socket = probe.Connection;
            if (polling.User is { } user)
            {
                probe.Connection.Authenticated(user);
            }

            while (polling.Queue.TryTake() is { } packet)
            {
                probe.Connection.Send(packet);
            }

            poll = polling.Poll;
            polling.Poll = null;
            polling.End();
        }

        // A client ends its polls before it changes over, so this one is a second way in.
        poll?.TrySetResult(PollEnd.Refused);
    }

    // The upgrade mostly follows at once; a poll that is let go before it would only be followed by another one.
    private async Task ReleasePollSoonAsync(TaskCompletionSource<PollEnd> poll)
    {
        await Task.Delay(_server.Options.UpgradePollDelay, _server.Time);
        lock (_gate)
        {
            if (!ReferenceEquals(_polling?.Poll, poll))
            {
                return;
            }

            _polling.Poll = null;
        }

        poll.TrySetResult(PollEnd.Noop);
    }

    // A client that closes mostly has a poll open, on another connection, which must be let go properly and may arrive a little later.
    private async Task WaitForPollAsync()
    {
        Task poll;
        lock (_gate)
        {
            if (_polling is not { IsPolling: false } polling)
            {
                return;
            }

            polling.PollWaiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            poll = polling.PollWaiter.Task;
        }

        try
        {
            await poll.WaitAsync(_server.Options.ClosePollDelay, _server.Time);
        }
        catch (TimeoutException)
        {
            // There is none.
        }
    }
}
