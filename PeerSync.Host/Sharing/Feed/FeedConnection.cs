using System.Buffers;
using System.IO.Pipelines;
using PeerSync.Actors.Connections;
using PeerSync.Host.Sockets;
using PeerSync.Kernel;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Connections;
using PeerSync.Protocol.Identity;

namespace PeerSync.Host.Sharing.Feed;

/// <summary>One of the feed's connections that is no WebSocket: writes what the actors send, as it is.</summary>
/// <remarks>
/// Many threads send; one work item at a time, elected by <see cref="OutboundQueue"/>, owns the output pipe. Nothing waits under a lock, and an idle connection
/// holds no buffer.
/// </remarks>
internal sealed class FeedConnection : IConnection, IThreadPoolWorkItem
{
    // A flush is due when this much lies in the pipe: about what a socket send takes at once.
    private const int FlushThreshold = 64 * 1024;

    private readonly FeedConnections _owner;
    private readonly PipeWriter _output;
    private readonly Action _cut;
    private readonly OutboundQueue _outbound;
    private readonly bool _needsSignsOfLife;

    private IActorRef? _actor;
    private object? _drained;
    private object? _deadlineMessage;
    private TaskCompletionSource? _closeWaiter;
    private Action? _onClosing;
    private long _deadlineTick = long.MaxValue;
    private long _closeDeadlineTick = long.MaxValue;
    private long _flushingSinceTick = long.MaxValue;
    private int _closing;
    private int _aborted;
    private volatile bool _writerDone;

    internal FeedConnection(
        FeedConnections owner, PipeWriter output, Action cut, long number, string addressTag, long outboundBytes, bool needsSignsOfLife)
    {
        _owner = owner;
        _output = output;
        _cut = cut;
        _needsSignsOfLife = needsSignsOfLife;
        _outbound = new OutboundQueue(owner.Options.OutboundMessages, outboundBytes);
        Number = number;
        AddressTag = addressTag;
    }

    /// <inheritdoc />
    public ConnectionId Id => new(string.Create(null, stackalloc char[24], $"f{Number:x}"));

    /// <inheritdoc />
    public string AddressTag { get; }

    /// <inheritdoc />
    public long QueuedBytes => _outbound.Bytes;

    /// <summary>Counts connections up from 1.</summary>
    internal long Number { get; }

    /// <summary>Whether it ends, whoever wanted that.</summary>
    internal bool IsClosing => Volatile.Read(ref _closing) != 0;

    /// <inheritdoc />
    public void Send(MessageBuffer message)
    {
        ArgumentNullException.ThrowIfNull(message);
        switch (_outbound.TryAdd(message))
        {
            case OutboundQueue.AddResult.StartWriter:
                DispatcherTurn.Schedule(this);
                break;
            case OutboundQueue.AddResult.Full:
                message.Release();
                DisconnectSlow();
                break;
            case OutboundQueue.AddResult.Closed:
                message.Release();
                break;
        }
    }

    /// <inheritdoc />
    public void TellWhenDrained(object message)
    {
        // The exchange is a full fence: either the writer that goes idle finds the message, or it is idle already and the check below sees that.
        Interlocked.Exchange(ref _drained, message);
        if (_outbound.Count == 0)
        {
            TellDrained();
        }
    }

    /// <summary>Closes after what is queued has been written. These protocols have no close frame: code and reason go nowhere.</summary>
    public void Close(int code, string reason)
    {
        if (Interlocked.Exchange(ref _closing, 1) != 0)
        {
            return;
        }

        Volatile.Write(ref _closeDeadlineTick, _owner.Ticks + _owner.CloseTicks);
        _outbound.Complete();
        StartWriter();
    }

    /// <summary>Nothing is owed: what these clients send is dealt with before more is read.</summary>
    public void ReturnCredit()
    {
    }

    /// <inheritdoc />
    public void Authenticated(UserId userId) => SetDeadline(null, null);

    /// <inheritdoc />
    public void SetDeadline(TimeSpan? delay, object? message)
    {
        // The message is written first and read last, so that the tick never sees a due deadline with the message of another.
        Volatile.Write(ref _deadlineTick, long.MaxValue);
        Volatile.Write(ref _deadlineMessage, message);
        if (delay is { } wait && message is not null)
        {
            Volatile.Write(ref _deadlineTick, _owner.Ticks + FeedConnections.ToTicks(wait));
        }
    }

    /// <summary>Says who is told of deadlines and of the end; null for nobody. A deadline without anybody cuts the connection.</summary>
    internal void Attach(IActorRef? actor) => Volatile.Write(ref _actor, actor);

    /// <summary>Says what wakes the reader once everything has been written and the connection shall end.</summary>
    internal void OnClosing(Action wake)
    {
        Volatile.Write(ref _onClosing, wake);
        if (_writerDone)
        {
            wake();
        }
    }

    /// <summary>Completes once everything queued has been handed to the network, or the connection ends.</summary>
    internal Task WhenDrainedAsync()
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        TellWhenDrained(waiter);
        if (_writerDone)
        {
            TellDrained();
        }

        return waiter.Task;
    }

    /// <summary>Ends the connection without a word.</summary>
    internal void Abort()
    {
        Interlocked.Exchange(ref _closing, 1);
        if (Interlocked.Exchange(ref _aborted, 1) == 0)
        {
            _outbound.Clear();
            _cut();
            StartWriter();
        }
    }

    /// <summary>Called once, when nothing is read any more: tells the actor, waits for the last words and leaves the table.</summary>
    /// <param name="isLost">Whether the client is gone, so that nothing more can be written.</param>
    internal async Task EndAsync(bool isLost)
    {
        Volatile.Read(ref _actor)?.Tell(ConnectionClosed.Instance, ActorRefs.NoSender);
        if (isLost)
        {
            Abort();
        }
        else
        {
            Close(0, string.Empty);
        }

        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _closeWaiter, waiter);
        if (!_writerDone)
        {
            await waiter.Task;
        }

        _outbound.Clear();
        _owner.Remove(this);
    }

    /// <summary>Called once a second. Does no I/O and does not wait.</summary>
    internal void Tick(long now)
    {
        if (now >= Volatile.Read(ref _closeDeadlineTick))
        {
            Abort();
            return;
        }

        if (now - _owner.StallTicks >= Volatile.Read(ref _flushingSinceTick))
        {
            DisconnectSlow();
            return;
        }

        if (now >= Volatile.Read(ref _deadlineTick))
        {
            Volatile.Write(ref _deadlineTick, long.MaxValue);
            OnDeadline();
        }

        if (_needsSignsOfLife && (now + Number) % _owner.SignOfLifeTicks == 0 && !IsClosing)
        {
            Send(MessageBuffer.Copy(":\n\n"u8));
        }
    }

    /// <summary>Runs the writer. Called by the thread pool or the dispatcher turn only.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        try
        {
            Write();
        }
        catch (Exception exception)
        {
            OnWriteFailed(exception);
        }
    }

    /// <summary>Whether an exception says no more than that the client is gone.</summary>
    internal static bool IsDisconnect(Exception exception) =>
        exception is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException { Source: "System.IO.Pipelines" }
            or Microsoft.AspNetCore.Connections.ConnectionAbortedException;

    private void StartWriter()
    {
        if (_outbound.RequestWriter() == OutboundQueue.AddResult.StartWriter)
        {
            DispatcherTurn.Schedule(this);
        }
    }

    private void DisconnectSlow()
    {
        if (Interlocked.Exchange(ref _aborted, 1) != 0)
        {
            return;
        }

        Interlocked.Exchange(ref _closing, 1);
        _owner.Counters.SlowDisconnected();
        FeedConnections.Log.Slow(_owner.Logger, Id.Value);
        _outbound.Clear();
        _cut();
        StartWriter();
    }

    private void OnDeadline()
    {
        if (Volatile.Read(ref _actor) is { } actor && Volatile.Read(ref _deadlineMessage) is { } message)
        {
            actor.Tell(message, ActorRefs.NoSender);
        }
        else
        {
            Abort();
        }
    }

    private void Write()
    {
        while (true)
        {
            if (!Fill())
            {
                if (IsClosing && _outbound.Count == 0)
                {
                    // The queue's writing flag stays set, so no other writer starts.
                    CompleteWriter();
                    return;
                }

                if (_outbound.TryGoIdle())
                {
                    TellDrained();
                    return;
                }

                continue;
            }

            var flush = _output.FlushAsync();
            if (!flush.IsCompletedSuccessfully)
            {
                // The client takes less than we send. Waiting costs an allocation, and only here.
                Volatile.Write(ref _flushingSinceTick, _owner.Ticks);
                _ = ContinueAsync(flush);
                return;
            }

            if (!AfterFlush(flush.Result))
            {
                return;
            }
        }
    }

    private async Task ContinueAsync(ValueTask<FlushResult> flush)
    {
        try
        {
            var result = await flush;
            Volatile.Write(ref _flushingSinceTick, long.MaxValue);
            if (AfterFlush(result))
            {
                Write();
            }
        }
        catch (Exception exception)
        {
            OnWriteFailed(exception);
        }
    }

    private bool AfterFlush(FlushResult result)
    {
        if (!result.IsCompleted && !result.IsCanceled)
        {
            return true;
        }

        _outbound.Clear();
        CompleteWriter();
        return false;
    }

    private void OnWriteFailed(Exception exception)
    {
        if (!IsDisconnect(exception))
        {
            FeedConnections.Log.WriterFailed(_owner.Logger, Id.Value, exception);
        }

        Abort();
        CompleteWriter();
    }

    /// <summary>Moves what waits into the pipe, up to about one flush.</summary>
    /// <returns>Whether there is something to flush.</returns>
    private bool Fill()
    {
        var written = 0;
        while (written < FlushThreshold && _outbound.TryTake() is { } message)
        {
            _output.Write(message.Span);
            written += message.Length;
            message.Release();
        }

        return written > 0;
    }

    private void CompleteWriter()
    {
        Volatile.Write(ref _flushingSinceTick, long.MaxValue);
        _writerDone = true;
        Interlocked.MemoryBarrier();
        TellDrained();
        Volatile.Read(ref _onClosing)?.Invoke();
        Volatile.Read(ref _closeWaiter)?.TrySetResult();
    }

    private void TellDrained()
    {
        switch (Interlocked.Exchange(ref _drained, null))
        {
            case null:
                break;
            case TaskCompletionSource waiter:
                waiter.TrySetResult();
                break;
            case { } message:
                Volatile.Read(ref _actor)?.Tell(message, ActorRefs.NoSender);
                break;
        }
    }
}
