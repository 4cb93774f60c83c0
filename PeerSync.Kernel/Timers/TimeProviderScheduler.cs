using System.Collections.Concurrent;

namespace PeerSync.Kernel;

/// <summary>The scheduler of an actor system, on the timers of its <see cref="TimeProvider"/>.</summary>
internal sealed class TimeProviderScheduler(TimeProvider time) : IScheduler, IActionScheduler, IDisposable
{
    private readonly ConcurrentDictionary<Order, byte> _orders = new();
    private volatile bool _disposed;

    public DateTimeOffset Now => time.GetUtcNow();

    public IActionScheduler Advanced => this;

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable = null) =>
        Schedule(delay, Timeout.InfiniteTimeSpan, () => receiver.Tell(message, sender), cancelable);

    public void ScheduleTellRepeatedly(
        TimeSpan initialDelay,
        TimeSpan interval,
        ICanTell receiver,
        object message,
        IActorRef? sender,
        ICancelable? cancelable = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        Schedule(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);
    }

    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable = null) =>
        Schedule(delay, Timeout.InfiniteTimeSpan, action, cancelable);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        Schedule(initialDelay, interval, action, cancelable);
    }

    /// <summary>Takes all orders back.</summary>
    public void Dispose()
    {
        _disposed = true;
        foreach (var order in _orders.Keys)
        {
            order.Cancel();
        }
    }

    private void Schedule(TimeSpan delay, TimeSpan interval, Action action, ICancelable? cancelable)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        var order = new Order(this, action, once: interval == Timeout.InfiniteTimeSpan);
        _orders.TryAdd(order, 0);
        order.Start(delay, interval, cancelable);
        if (_disposed)
        {
            order.Cancel();
        }
    }

    private sealed class Order(TimeProviderScheduler owner, Action action, bool once)
    {
        private ITimer? _timer;
        private CancellationTokenRegistration _registration;
        private volatile bool _cancelled;

        public void Start(TimeSpan delay, TimeSpan interval, ICancelable? cancelable)
        {
            // Created asleep, so that it cannot fire before the field is set.
            _timer = owner.CreateTimer(static state => ((Order)state!).Fire(), this);
            if (cancelable is not null)
            {
                _registration = cancelable.Token.UnsafeRegister(static state => ((Order)state!).Cancel(), this);
            }

            if (!_cancelled)
            {
                _timer.Change(delay, interval);
            }
        }

        public void Cancel()
        {
            _cancelled = true;
            owner._orders.TryRemove(this, out _);
            _timer?.Dispose();
        }

        private void Fire()
        {
            if (_cancelled)
            {
                return;
            }

            if (once)
            {
                Cancel();
                _registration.Dispose();
            }

            action();
        }
    }

    private ITimer CreateTimer(TimerCallback callback, object state) =>
        time.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
}
