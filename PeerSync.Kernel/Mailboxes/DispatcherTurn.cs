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
/// <c>try</c> and <c>finally</c>, with no <c>await</c> between them. Whoever blocks between the two delays what the slot holds.
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
            state.Next = item;
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
            for (var i = 0; i < MaxChain && state.Next is { } item; i++)
            {
                state.Next = null;
                item.Execute();
            }
        }
        finally
        {
            state.Depth--;
            if (state.Next is { } rest)
            {
                state.Next = null;
                ThreadPool.UnsafeQueueUserWorkItem(rest, preferLocal: false);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static State CreateState() => _state = new State();

    /// <summary>What a thread knows of its turns.</summary>
    internal sealed class State
    {
        public int Depth;
        public IThreadPoolWorkItem? Next;
        public ActorCell? Cell;
    }
}
