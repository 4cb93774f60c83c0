using PeerSync.Actors.Connections;
using PeerSync.Host.Metrics;
using PeerSync.Host.Sockets;
using PeerSync.Protocol.Identity;

namespace PeerSync.Host.SocketIO;

/// <summary>What a session needs only as long as it polls: the queue, the requests under way, the credits of what came by POST.</summary>
/// <remarks>The requests' members are guarded by the session's lock, the credits are not.</remarks>
internal sealed class PollingTransport : ICreditSource
{
    private readonly int _maxInFlight;
    private readonly Action _giveBack;
    private readonly Level _level;
    private int _inFlight;
    private TaskCompletionSource? _creditWaiter;
    private bool _ended;

    /// <param name="options">The limits.</param>
    /// <param name="metrics">Counts the session while it polls.</param>
    /// <param name="giveBack">Gives the place back that the client's address has for the session.</param>
    internal PollingTransport(EngineOptions options, FeatureMetrics metrics, Action giveBack)
    {
        _maxInFlight = options.InFlightMessages;
        _giveBack = giveBack;
        Queue = new OutboundQueue(options.OutboundMessages, options.OutboundBytes);
        metrics.ConnectionsAccepted.Increment();
        _level = metrics.Connections(ConnectionStates.Connected);
        _level.Increment();
    }

    /// <summary>What waits for the next poll.</summary>
    internal OutboundQueue Queue { get; }

    /// <summary>The poll that waits.</summary>
    internal TaskCompletionSource<PollEnd>? Poll { get; set; }

    /// <summary>Completes when a poll comes.</summary>
    internal TaskCompletionSource? PollWaiter { get; set; }

    /// <summary>Who has authenticated here, for the WebSocket that may follow.</summary>
    internal UserId? User { get; set; }

    /// <summary>Whether more was to be queued than fits.</summary>
    internal bool HasOverflowed { get; set; }

    /// <summary>Whether a poll is under way.</summary>
    internal bool IsPolling { get; set; }

    /// <summary>Whether a POST is under way.</summary>
    internal bool IsPosting { get; set; }

    /// <inheritdoc />
    public void ReturnCredit()
    {
        if (Interlocked.Decrement(ref _inFlight) < _maxInFlight)
        {
            Release();
        }
    }

    internal void TakeCredit() => Interlocked.Increment(ref _inFlight);

    /// <summary>Waits until another message may be handed on; at once where the session has ended.</summary>
    internal async ValueTask WaitForCreditAsync()
    {
        while (MustWait())
        {
            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

            // The exchange is a full fence: either whoever returns a credit sees the waiter, or the check below sees the credit.
            Interlocked.Exchange(ref _creditWaiter, waiter);
            if (!MustWait())
            {
                return;
            }

            await waiter.Task;
        }
    }

    /// <summary>The session polls no more. Called once, under the session's lock.</summary>
    internal void End()
    {
        Volatile.Write(ref _ended, true);
        _level.Decrement();
        _giveBack();
        PollWaiter?.TrySetResult();
        Release();
    }

    private bool MustWait() => Volatile.Read(ref _inFlight) >= _maxInFlight && !Volatile.Read(ref _ended);

    private void Release() => Interlocked.Exchange(ref _creditWaiter, null)?.TrySetResult();
}
