namespace PeerSync.Kernel;

/// <summary>Gives what is stuck in the slot of a thread to the thread pool: an actor that blocks, or waits for the one in its slot, must not stop that one for ever.</summary>
/// <remarks>One timer for the process, asleep while no slot is in use. A slot is stuck when two looks find it filled by the same filling.</remarks>
internal static class SlotWatchdog
{
    // Long beside a turn, short beside what people notice.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    // A second without any use.
    private const int LooksBeforeSleep = 100;

    private static readonly Lock Gate = new();
    private static readonly List<Watched> Slots = [];
    private static readonly ITimer Timer = TimeProvider.System.CreateTimer(static _ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    private static int _awake;
    private static int _idleLooks;

    public static void Add(DispatcherTurn.State state)
    {
        lock (Gate)
        {
            Slots.Add(new Watched(state));
        }
    }

    /// <summary>To be called after a slot was filled.</summary>
    public static void Wake()
    {
        if (Volatile.Read(ref _awake) == 0 && Interlocked.Exchange(ref _awake, 1) == 0)
        {
            Timer.Change(Interval, Interval);
        }
    }

    private static void Look()
    {
        lock (Gate)
        {
            var used = false;
            for (var i = Slots.Count - 1; i >= 0; i--)
            {
                if (!Slots[i].TryLook(ref used))
                {
                    // Its thread has ended.
                    Slots.RemoveAt(i);
                }
            }

            _idleLooks = used ? 0 : _idleLooks + 1;
            if (_idleLooks < LooksBeforeSleep)
            {
                return;
            }

            // Asleep first, then the last look: whoever fills a slot after that wakes the watchdog again.
            _idleLooks = 0;
            Timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            Interlocked.Exchange(ref _awake, 0);
            if (Slots.Exists(static slot => slot.IsFilled))
            {
                Wake();
            }
        }
    }

    private sealed class Watched(DispatcherTurn.State state)
    {
        private readonly WeakReference<DispatcherTurn.State> _state = new(state);
        private int _seen = -1;

        public bool IsFilled => _state.TryGetTarget(out var state) && Volatile.Read(ref state.Next) is not null;

        public bool TryLook(ref bool used)
        {
            if (!_state.TryGetTarget(out var state))
            {
                return false;
            }

            var fills = Volatile.Read(ref state.Fills);
            var item = Volatile.Read(ref state.Next);
            if (item is null)
            {
                return true;
            }

            used = true;
            if (_seen != fills)
            {
                _seen = fills;
            }
            else if (ReferenceEquals(Interlocked.CompareExchange(ref state.Next, null, item), item))
            {
                ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false);
            }

            return true;
        }
    }
}
