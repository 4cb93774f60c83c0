namespace PeerSync.Kernel;

/// <summary>Watches for the silence that <see cref="IActorContext.SetReceiveTimeout"/> asks about.</summary>
/// <remarks>
/// A message costs a clock reading and never touches the timer. When the timer fires it looks at how long ago the last message was, and sleeps for the rest.
/// </remarks>
internal sealed class ReceiveTimeoutTimer : IDisposable
{
    // Clocks count in units of their own, so the difference of two readings may come out shorter than the time that was waited.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(1);

    private readonly ActorCell _cell;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _lastActivity;
    private volatile bool _armed;
    private volatile bool _busy;
    private volatile bool _disposed;

    public ReceiveTimeoutTimer(ActorCell cell, TimeSpan timeout)
    {
        _cell = cell;
        _time = cell.System.TimeProvider;
        Timeout = timeout;
        _timer = _time.CreateTimer(
            static state => ((ReceiveTimeoutTimer)state!).Fire(),
            this,
            System.Threading.Timeout.InfiniteTimeSpan,
            System.Threading.Timeout.InfiniteTimeSpan);
    }

    public TimeSpan Timeout { get; }

    /// <summary>A message is being processed: no timeout until it has been.</summary>
    public void Begin() => _busy = true;

    /// <summary>A message has been processed.</summary>
    public void End()
    {
        Volatile.Write(ref _lastActivity, _time.GetTimestamp());
        _busy = false;
        if (!_armed)
        {
            _armed = true;
            _timer.Change(Timeout, System.Threading.Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        _disposed = true;
        _timer.Dispose();
    }

    private void Fire()
    {
        if (_disposed)
        {
            return;
        }

        _armed = false;
        if (_busy)
        {
            return;
        }

        var remaining = Timeout - _time.GetElapsedTime(Volatile.Read(ref _lastActivity));
        if (remaining <= Tolerance)
        {
            _cell.TellAlways(ReceiveTimeout.Instance, _cell);
        }
        else
        {
            _armed = true;
            _timer.Change(remaining, System.Threading.Timeout.InfiniteTimeSpan);
        }
    }
}
