using System.Collections.Concurrent;

namespace PeerSync.Kernel;

/// <summary>Gives up the memory of mailboxes that had grown and are empty again. One timer for a whole system, asleep while no mailbox has grown.</summary>
internal sealed class MailboxTrimmer : IDisposable
{
    private readonly ConcurrentQueue<ActorCell> _grown = new();
    private readonly TimeSpan _interval;
    private readonly ITimer _timer;
    private int _armed;

    public MailboxTrimmer(TimeProvider time, TimeSpan interval)
    {
        _interval = interval;
        _timer = time.CreateTimer(static state => ((MailboxTrimmer)state!).Trim(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Add(ActorCell cell)
    {
        _grown.Enqueue(cell);
        if (Interlocked.Exchange(ref _armed, 1) == 0)
        {
            _timer.Change(_interval, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Trim()
    {
        Volatile.Write(ref _armed, 0);

        // Those that are too busy come back through Add, so only as many as there were.
        for (var i = _grown.Count; i > 0 && _grown.TryDequeue(out var cell); i--)
        {
            cell.SendSystemMessage(new SystemMessages.TrimMailbox());
        }
    }
}
