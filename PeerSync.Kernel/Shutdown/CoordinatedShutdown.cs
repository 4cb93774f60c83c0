using System.Collections.Immutable;

namespace PeerSync.Kernel;

/// <summary>Ends a system in an orderly way: phase after phase, the tasks of one phase at the same time, each phase within its deadline.</summary>
/// <remarks>
/// A task that fails or is late is reported as a <see cref="Warning"/> on the event stream and does not keep the later phases from running.
/// The last phase terminates the actor system. Safe on every thread.
/// </remarks>
public sealed class CoordinatedShutdown
{
    /// <summary>Before the listeners close: the first of the phases.</summary>
    public const string PhaseBeforeServiceUnbind = "before-service-unbind";

    /// <summary>Close the listeners.</summary>
    public const string PhaseServiceUnbind = "service-unbind";

    /// <summary>Wait for requests in progress.</summary>
    public const string PhaseServiceRequestsDone = "service-requests-done";

    /// <summary>Close what is still connected.</summary>
    public const string PhaseServiceStop = "service-stop";

    /// <summary>Before the node leaves its cluster.</summary>
    public const string PhaseBeforeClusterShutdown = "before-cluster-shutdown";

    /// <summary>Stop the entities of the shard regions.</summary>
    public const string PhaseClusterShardingShutdownRegion = "cluster-sharding-shutdown-region";

    /// <summary>Leave the cluster.</summary>
    public const string PhaseClusterLeave = "cluster-leave";

    /// <summary>The node is leaving the cluster.</summary>
    public const string PhaseClusterExiting = "cluster-exiting";

    /// <summary>The node has left the cluster.</summary>
    public const string PhaseClusterExitingDone = "cluster-exiting-done";

    /// <summary>End the node's part of the cluster.</summary>
    public const string PhaseClusterShutdown = "cluster-shutdown";

    /// <summary>The last chance to run something with actors: flush, close storage.</summary>
    public const string PhaseBeforeActorSystemTerminate = "before-actor-system-terminate";

    /// <summary>Stop all actors.</summary>
    public const string PhaseActorSystemTerminate = "actor-system-terminate";

    private static readonly ImmutableArray<string> Phases =
    [
        PhaseBeforeServiceUnbind,
        PhaseServiceUnbind,
        PhaseServiceRequestsDone,
        PhaseServiceStop,
        PhaseBeforeClusterShutdown,
        PhaseClusterShardingShutdownRegion,
        PhaseClusterLeave,
        PhaseClusterExiting,
        PhaseClusterExitingDone,
        PhaseClusterShutdown,
        PhaseBeforeActorSystemTerminate,
        PhaseActorSystemTerminate,
    ];

    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<PhaseTask>> _tasks = [];
    private Reason? _reason;
    private Task<Done>? _run;

    private CoordinatedShutdown(ActorSystem system)
    {
        System = system;
        AddTask(
            PhaseActorSystemTerminate,
            "terminate-system",
            async () =>
            {
                await system.Terminate().ConfigureAwait(false);
                return Done.Instance;
            });
    }

    /// <summary>The system that is shut down.</summary>
    public ActorSystem System { get; }

    /// <summary>Why the shutdown was begun; null while it was not.</summary>
    public Reason? ShutdownReason => Volatile.Read(ref _reason);

    /// <summary>How long all phases together may take.</summary>
    public TimeSpan TotalTimeout => Phases.Aggregate(TimeSpan.Zero, (sum, phase) => sum + Timeout(phase));

    /// <summary>The coordinated shutdown of a system.</summary>
    public static CoordinatedShutdown Get(ActorSystem sys)
    {
        ArgumentNullException.ThrowIfNull(sys);
        return sys.Extension(static system => new CoordinatedShutdown(system));
    }

    /// <summary>Adds a task to a phase. One that is added while its phase or a later one runs is not run.</summary>
    /// <param name="phase">One of the phases named here.</param>
    /// <param name="taskName">Names the task in reports.</param>
    /// <param name="task">What to do.</param>
    /// <exception cref="ArgumentException">There is no such phase, or the name is empty.</exception>
    public void AddTask(string phase, string taskName, Func<Task<Done>> task)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentException.ThrowIfNullOrEmpty(taskName);
        CheckPhase(phase);
        lock (_gate)
        {
            if (!_tasks.TryGetValue(phase, out var tasks))
            {
                _tasks.Add(phase, tasks = []);
            }

            tasks.Add(new PhaseTask(taskName, task));
        }
    }

    /// <summary>How long a phase may take.</summary>
    /// <exception cref="ArgumentException">There is no such phase.</exception>
    public TimeSpan Timeout(string phase)
    {
        CheckPhase(phase);
        return System.Settings.ShutdownPhaseTimeouts.TryGetValue(phase, out var timeout) ? timeout : System.Settings.DefaultPhaseTimeout;
    }

    /// <summary>Runs the phases, once: later calls return the task of the first.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="fromPhase">The phase to begin with; the first when null.</param>
    /// <returns>Ends when all phases have run. Never fails.</returns>
    /// <exception cref="ArgumentException">There is no such phase.</exception>
    public Task<Done> Run(Reason reason, string? fromPhase = null)
    {
        ArgumentNullException.ThrowIfNull(reason);
        if (fromPhase is not null)
        {
            CheckPhase(fromPhase);
        }

        lock (_gate)
        {
            if (_run is null)
            {
                Volatile.Write(ref _reason, reason);

                // Off the caller's stack: tasks are somebody else's code, and the lock is held here.
                _run = Task.Run(() => RunPhasesAsync(fromPhase ?? Phases[0]));
            }

            return _run;
        }
    }

    private static void CheckPhase(string phase)
    {
        if (!Phases.Contains(phase))
        {
            throw new ArgumentException($"Unknown phase [{phase}]. Known phases: {string.Join(", ", Phases)}.", nameof(phase));
        }
    }

    private async Task<Done> RunPhasesAsync(string fromPhase)
    {
        foreach (var phase in Phases.SkipWhile(phase => phase != fromPhase))
        {
            PhaseTask[] tasks;
            lock (_gate)
            {
                tasks = _tasks.Remove(phase, out var found) ? [.. found] : [];
            }

            if (tasks.Length > 0)
            {
                await RunPhaseAsync(phase, tasks).ConfigureAwait(false);
            }
        }

        return Done.Instance;
    }

    private async Task RunPhaseAsync(string phase, PhaseTask[] tasks)
    {
        var running = Array.ConvertAll(tasks, task => RunTaskAsync(phase, task));
        try
        {
            await Task.WhenAll(running).WaitAsync(Timeout(phase), System.TimeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            var late = tasks.Where((_, i) => !running[i].IsCompleted).Select(task => task.Name);
            Warn($"Coordinated shutdown phase [{phase}] timed out after {Timeout(phase)}, waiting for: {string.Join(", ", late)}", null);
        }
    }

    private async Task RunTaskAsync(string phase, PhaseTask task)
    {
        // A task that blocks before its first await must not keep the others of its phase from starting, nor the deadline from being set.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await task.Run().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Warn($"Task [{task.Name}] failed in phase [{phase}]", exception);
        }
    }

    private void Warn(string message, Exception? cause) => System.Publish(new Warning(nameof(CoordinatedShutdown), typeof(CoordinatedShutdown), message) { Cause = cause });

    private sealed record PhaseTask(string Name, Func<Task<Done>> Run);

    /// <summary>Why a system is shut down.</summary>
    public abstract class Reason
    {
        /// <summary>Creates a reason.</summary>
        protected Reason()
        {
        }
    }

    /// <summary>No reason was given.</summary>
    public sealed class UnknownReason : Reason
    {
        /// <summary>The only instance.</summary>
        public static readonly Reason Instance = new UnknownReason();

        private UnknownReason()
        {
        }
    }

    /// <summary>The system was terminated.</summary>
    public sealed class ActorSystemTerminateReason : Reason
    {
        /// <summary>The only instance.</summary>
        public static readonly Reason Instance = new ActorSystemTerminateReason();

        private ActorSystemTerminateReason()
        {
        }
    }

    /// <summary>The process was told to end.</summary>
    public sealed class ClrExitReason : Reason
    {
        /// <summary>The only instance.</summary>
        public static readonly Reason Instance = new ClrExitReason();

        private ClrExitReason()
        {
        }
    }
}
