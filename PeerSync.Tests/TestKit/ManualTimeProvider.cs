namespace PeerSync.Tests.TestKit;

/// <summary>A clock that moves only when a test moves it. Timers fire inside <see cref="Advance"/>, in the order in which they are due.</summary>
/// <remarks>Its timestamps count in an odd unit on purpose, so that code which takes them for ticks fails.</remarks>
public sealed class ManualTimeProvider : TimeProvider
{
    private const long OddFrequency = 7_654_321;

    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly List<(Func<bool> Condition, TaskCompletionSource Waiter)> _waiters = [];
    private readonly DateTimeOffset _start;
    private long _elapsedTicks;
    private long _lastOrder;

    public ManualTimeProvider()
        : this(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    public ManualTimeProvider(DateTimeOffset start)
    {
        _start = start;
    }

    public override long TimestampFrequency => OddFrequency;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>How many timers are waiting to fire.</summary>
    public int ActiveTimers
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count;
            }
        }
    }

    public override DateTimeOffset GetUtcNow() => _start.AddTicks(Volatile.Read(ref _elapsedTicks));

    public override long GetTimestamp() => (long)((Int128)Volatile.Read(ref _elapsedTicks) * OddFrequency / TimeSpan.TicksPerSecond);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock and fires the timers that become due, each at its own time.</summary>
    public void Advance(TimeSpan delta)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delta, TimeSpan.Zero);
        long target;
        lock (_gate)
        {
            target = _elapsedTicks + delta.Ticks;
        }

        while (true)
        {
            ManualTimer? next;
            lock (_gate)
            {
                next = _timers.Where(timer => timer.Due <= target).OrderBy(timer => timer.Due).ThenBy(timer => timer.Order).FirstOrDefault();
                if (next is null)
                {
                    Volatile.Write(ref _elapsedTicks, target);
                    return;
                }

                Volatile.Write(ref _elapsedTicks, Math.Max(_elapsedTicks, next.Due));
                if (next.Period > TimeSpan.Zero)
                {
                    next.Due += next.Period.Ticks;
                    next.Order = ++_lastOrder;
                }
                else
                {
                    _timers.Remove(next);
                }
            }

            next.Fire();
        }
    }

    /// <summary>Waits until at least so many timers are waiting to fire: to be awaited before the clock is moved.</summary>
    public async Task WaitForTimersAsync(int count)
    {
        try
        {
            await WhenAsync(() => _timers.Count >= count).WaitAsync(WaitTimeout);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Expected at least {count} timers, there are {ActiveTimers}.");
        }
    }

    /// <summary>Waits until a timer is due exactly this long from the clock's present.</summary>
    public async Task WaitForTimerAsync(TimeSpan dueIn)
    {
        try
        {
            await WhenAsync(() => _timers.Exists(timer => timer.Due - _elapsedTicks == dueIn.Ticks)).WaitAsync(WaitTimeout);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Expected a timer that is due in {dueIn}.");
        }
    }

    private Task WhenAsync(Func<bool> condition)
    {
        lock (_gate)
        {
            if (condition())
            {
                return Task.CompletedTask;
            }

            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((condition, waiter));
            return waiter.Task;
        }
    }

    private void Set(ManualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                timer.Due = _elapsedTicks + (dueTime > TimeSpan.Zero ? dueTime : period).Ticks;
                timer.Period = period;
                timer.Order = ++_lastOrder;
                if (dueTime > TimeSpan.Zero || period > TimeSpan.Zero)
                {
                    _timers.Add(timer);
                }
            }

            foreach (var reached in _waiters.FindAll(waiter => waiter.Condition()))
            {
                _waiters.Remove(reached);
                reached.Waiter.SetResult();
            }
        }

        if (dueTime == TimeSpan.Zero)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static timer => timer.Fire(), timer, preferLocal: false);
        }
    }

    private void Remove(ManualTimer timer)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
        }
    }

    private sealed class ManualTimer(ManualTimeProvider owner, TimerCallback callback, object? state) : ITimer
    {
        private volatile bool _disposed;

        public long Due { get; set; }

        public long Order { get; set; }

        public TimeSpan Period { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_disposed)
            {
                return false;
            }

            owner.Set(this, dueTime, period);
            return true;
        }

        public void Fire()
        {
            if (!_disposed)
            {
                callback(state);
            }
        }

        public void Dispose()
        {
            _disposed = true;
            owner.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
