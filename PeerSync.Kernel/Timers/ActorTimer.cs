namespace PeerSync.Kernel;

/// <summary>A timer of an actor, and the message in its mailbox when it fires.</summary>
internal sealed class ActorTimer(ActorCell cell, object key, object message, bool isPeriodic) : IAutoReceivedMessage, IDisposable
{
    private ITimer? _timer;
    private int _queued;

    public object Key { get; } = key;

    public object Message { get; } = message;

    public bool IsPeriodic { get; } = isPeriodic;

    public void Start(TimeSpan dueTime, TimeSpan period) =>
        _timer = cell.System.TimeProvider.CreateTimer(static state => ((ActorTimer)state!).Fire(), this, dueTime, period);

    /// <summary>Called when the message leaves the mailbox.</summary>
    public void Dequeued() => Volatile.Write(ref _queued, 0);

    public void Dispose() => _timer?.Dispose();

    public override string ToString() => $"Timer({Key}, {Message})";

    private void Fire()
    {
        // A periodic timer never has more than one message waiting: an actor that is late gets late ticks, not a heap of them.
        if (Interlocked.Exchange(ref _queued, 1) == 0)
        {
            cell.TellAlways(this, cell);
        }
    }
}
