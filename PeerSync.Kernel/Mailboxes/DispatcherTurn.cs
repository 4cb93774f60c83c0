using System.Runtime.CompilerServices;

namespace PeerSync.Kernel;

/// <summary>Runs what a turn has made ready on the same thread right after it, so that a chain of actors costs no thread wake-up per hop.</summary>
/// <remarks>
/// <para>
/// Each thread has one slot. Inside a turn the first work item that is scheduled goes into the slot, further ones go to the thread pool. When the outermost
/// turn ends, the slot is run, and what that puts into the slot, for at most <see cref="MaxChain"/> items; the rest goes to the thread pool.
/// </para>
/// <para>
/// Code outside actors (a socket's read loop) brackets the synchronous part that tells actors with <see cref="Enter"/> and <see cref="Exit()"/>, in
/// <c>try</c> and <c>finally</c>, with no <c>await</c> between them. Whoever blocks between the two delays what the slot holds, until
/// <see cref="SlotWatchdog"/> gives it to the thread pool.
/// </para>
/// </remarks>
public static class DispatcherTurn
{
    /// <summary>How many work items run after a turn on its thread before the rest has to queue with everybody else's.</summary>
    public const int MaxChain = 16;

    [ThreadStatic]
    private static State? _state;

    internal static State Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _state ?? CreateState();
    }

    internal static ActorCell? CurrentCell
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _state?.Cell;
    }

    /// <summary>Begins a turn on this thread. Turns may be nested; each needs its <see cref="Exit()"/>.</summary>
    public static void Enter() => Current.Depth++;

    /// <summary>Ends a turn on this thread; the outermost one runs what the slot holds.</summary>
    /// <exception cref="InvalidOperationException">No turn was entered on this thread.</exception>
    public static void Exit()
    {
        var state = Current;
        if (state.Depth == 0)
        {
            throw new InvalidOperationException("No turn was entered on this thread.");
        }

        Exit(state);
    }

    /// <summary>Runs a work item soon: on this thread after the current turn if the slot is free, else on the thread pool.</summary>
    /// <param name="item">Must not be queued anywhere else until it runs; what its <c>Execute</c> throws ends the process, as on the thread pool.</param>
    public static void Schedule(IThreadPoolWorkItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        var state = _state;
        if (state is { Depth: > 0, Next: null })
        {
            state.Fills++;

            // A full fence, so that either the watchdog sees the slot filled or this thread sees it asleep.
            Interlocked.Exchange(ref state.Next, item);
            SlotWatchdog.Wake();
            return;
        }

        ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: true);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Exit(State state)
    {
        if (state.Depth == 1 && state.Next is not null)
        {
            RunChain(state);
            return;
        }

        state.Depth--;
    }

    private static void RunChain(State state)
    {
        try
        {
            // The depth stays at one meanwhile, so that what runs here fills the slot and never starts a chain of its own.
            for (var i = 0; i < MaxChain && state.TakeNext() is { } item; i++)
            {
                item.Execute();
            }
        }
        finally
        {
            state.Depth--;
            if (state.TakeNext() is { } rest)
            {
                ThreadPool.UnsafeQueueUserWorkItem(rest, preferLocal: false);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static State CreateState()
    {
        var state = new State();
        SlotWatchdog.Add(state);
        return _state = state;
    }

    /// <summary>What a thread knows of its turns.</summary>
    internal sealed class State
    {
        public int Depth;

        /// <summary>The slot. Filled by its thread only; emptied by its thread or by the watchdog, so always by an exchange.</summary>
        public IThreadPoolWorkItem? Next;

        /// <summary>How often the slot was filled.</summary>
        public int Fills;

        public ActorCell? Cell;

        public IThreadPoolWorkItem? TakeNext() => Next is null ? null : Interlocked.Exchange(ref Next, null);
    }
}
