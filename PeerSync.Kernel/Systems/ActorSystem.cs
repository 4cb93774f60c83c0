using System.Collections.Concurrent;

namespace PeerSync.Kernel;

/// <summary>A tree of actors with what they share. Safe on every thread. One per process is usual.</summary>
public sealed class ActorSystem : IActorRefFactory, IDisposable
{
    private readonly TaskCompletionSource _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<Type, Lazy<object>> _extensions = new();
    private readonly ConcurrentQueue<Action> _terminationCallbacks = new();
    private readonly TimeProviderScheduler _scheduler;
    private readonly GuardianCell _userGuardian;
    private readonly GuardianCell _systemGuardian;
    private readonly long _started;
    private long _lastUid;

    private ActorSystem(string name, ActorSystemSettings settings)
    {
        Name = name;
        Settings = settings;
        RootPath = new ActorPath(parent: null, name, uid: 0);
        EventStream = new EventStream();
        DeadLetters = new DeadLetterActorRef(this);
        Log = new EventStreamLogger(this, actor: null, typeof(ActorSystem));
        Trimmer = new MailboxTrimmer(settings.TimeProvider, settings.MailboxTrimInterval);
        _scheduler = new TimeProviderScheduler(settings.TimeProvider);
        _started = settings.TimeProvider.GetTimestamp();
        var root = new RootGuardianRef(this);
        _systemGuardian = new GuardianCell(this, root, Props.Create(static () => new Guardian(SupervisorStrategy.DefaultStrategy)), "system");
        _userGuardian = new GuardianCell(this, root, Props.Create(static () => new Guardian(SupervisorStrategy.DefaultStrategy)), "user");
        _systemGuardian.Start();
        _userGuardian.Start();
    }

    /// <summary>The name, the first part of every path.</summary>
    public string Name { get; }

    /// <summary>What was set about the system.</summary>
    public ActorSystemSettings Settings { get; }

    /// <summary>The clock of everything in the system.</summary>
    public TimeProvider TimeProvider => Settings.TimeProvider;

    /// <summary>Where events, dead letters and logs are published.</summary>
    public EventStream EventStream { get; }

    /// <summary>Takes what nobody processes and publishes it as <see cref="DeadLetter"/>.</summary>
    public IActorRef DeadLetters { get; }

    /// <summary>Tells messages and runs actions later.</summary>
    public IScheduler Scheduler => _scheduler;

    /// <summary>A log that publishes to the event stream under the system's name.</summary>
    public ILoggingAdapter Log { get; }

    /// <summary>How long the system has been running.</summary>
    public TimeSpan Uptime => TimeProvider.GetElapsedTime(_started);

    /// <summary>Ends when the last actor has stopped.</summary>
    public Task WhenTerminated => _terminated.Task;

    internal ActorPath RootPath { get; }

    internal QueueSegmentPool Segments { get; } = new();

    internal MailboxTrimmer Trimmer { get; }

    internal GuardianCell SystemGuardian => _systemGuardian;

    /// <summary>Creates a system with the default settings.</summary>
    /// <param name="name">Letters, digits, <c>-</c> and <c>_</c>.</param>
    /// <exception cref="ArgumentException">The name is empty or malformed.</exception>
    public static ActorSystem Create(string name) => Create(name, ActorSystemSettings.Default);

    /// <summary>Creates a system.</summary>
    /// <param name="name">Letters, digits, <c>-</c> and <c>_</c>.</param>
    /// <param name="settings">What to set.</param>
    /// <exception cref="ArgumentException">The name is empty or malformed, or a setting is out of range.</exception>
    public static ActorSystem Create(string name, ActorSystemSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (string.IsNullOrEmpty(name) || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            throw new ArgumentException($"Invalid ActorSystem name [{name}]: it must consist of letters, digits, '-' and '_'.", nameof(name));
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(settings.Throughput, nameof(settings));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(settings.StashCapacity, nameof(settings));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(settings.MaxConcurrentRecoveries, nameof(settings));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(settings.RecoveryEventTimeout, TimeSpan.Zero, nameof(settings));
        return new ActorSystem(name, settings);
    }

    /// <inheritdoc />
    public IActorRef ActorOf(Props props, string? name = null) => _userGuardian.ActorOf(props, name);

    /// <inheritdoc />
    public void Stop(IActorRef actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (actor is ActorCell { Parent: ActorCell parent })
        {
            // As the parent would: it then knows that the child is on its way out.
            parent.Stop(actor);
        }
        else
        {
            ((IInternalActorRef)actor).SendSystemMessage(new SystemMessages.Terminate());
        }
    }

    /// <summary>Stops all actors. For an orderly end use <see cref="CoordinatedShutdown"/>, which does this last.</summary>
    /// <returns>The same as <see cref="WhenTerminated"/>.</returns>
    public Task Terminate()
    {
        _userGuardian.SendSystemMessage(new SystemMessages.Terminate());
        return WhenTerminated;
    }

    /// <summary>Runs an action after the last actor has stopped; at once when that has happened.</summary>
    public void RegisterOnTermination(Action code)
    {
        ArgumentNullException.ThrowIfNull(code);
        _terminationCallbacks.Enqueue(code);
        if (_terminated.Task.IsCompleted)
        {
            RunTerminationCallbacks();
        }
    }

    /// <summary>Begins <see cref="Terminate"/> without waiting for its end.</summary>
    public void Dispose() => _ = Terminate();

    internal long NextUid() => Interlocked.Increment(ref _lastUid);

    internal T Extension<T>(Func<ActorSystem, T> create)
        where T : class =>
        (T)_extensions.GetOrAdd(typeof(T), _ => new Lazy<object>(() => create(this))).Value;

    internal void Publish(LogEvent logEvent)
    {
        if (logEvent.LogLevel() >= Settings.LogLevel)
        {
            logEvent.Timestamp = TimeProvider.GetUtcNow().UtcDateTime;
            EventStream.Publish(logEvent);
        }
    }

    internal void OnGuardianFailed(SystemMessages.Failed failed)
    {
        Publish(new Error(failed.Cause, failed.Child.Path.ToString(), failed.Child.ActorType, "A failure was escalated to the top: the system terminates"));
        _ = Terminate();
    }

    internal void OnGuardianStopped(IActorRef guardian)
    {
        if (ReferenceEquals(guardian, _userGuardian))
        {
            _systemGuardian.SendSystemMessage(new SystemMessages.Terminate());
            return;
        }

        _scheduler.Dispose();
        Trimmer.Dispose();
        _terminated.TrySetResult();
        RunTerminationCallbacks();
    }

    private void RunTerminationCallbacks()
    {
        while (_terminationCallbacks.TryDequeue(out var callback))
        {
            callback();
        }
    }
}
