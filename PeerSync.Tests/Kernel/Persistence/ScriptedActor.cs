using PeerSync.Kernel;

namespace PeerSync.Tests.Kernel.Persistence;

/// <summary>A persistent actor whose commands are what a test gives it to do. Its state is the events that it has applied.</summary>
internal sealed class ScriptedActor : ReceivePersistentActor
{
    private readonly Script _script;

    public ScriptedActor(Script script)
    {
        _script = script;
        Command<Action<ScriptedActor>>(action => action(this));
        CommandAsync<Func<ScriptedActor, Task>>(action => action(this));
        Command<Get>(_ => Sender.Tell(new State([.. Events], LastSequenceNr)));
        CommandAny(message => script.Probe.Tell(message, Sender));
        if (script.TakesSnapshots)
        {
            Recover<SnapshotOffer>(offer =>
            {
                Events.Clear();
                Events.AddRange((object[])offer.Snapshot);
                script.OnRecover?.Invoke(this, offer);
            });
        }

        Recover<RecoveryCompleted>(completed => script.OnRecover?.Invoke(this, completed));
        Recover<object>(
            e =>
            {
                Events.Add(e);
                script.OnRecover?.Invoke(this, e);
            },
            e => e is not SnapshotOffer);
    }

    public List<object> Events { get; } = [];

    public override string PersistenceId => _script.PersistenceId;

    public override Recovery Recovery => _script.Recovery;

    public IActorRef CurrentSender => Sender;

    public IActorRef Probe => _script.Probe;

    public IUntypedActorContext Ctx => Context;

    public IActorRef Me => Self;

    /// <summary>A handler: applies an event and tells the sender.</summary>
    public void Apply(object e)
    {
        Events.Add(e);
        Sender.Tell(e, Self);
    }

    public void PersistEach(params object[] events)
    {
        foreach (var e in events)
        {
            Persist(e, Apply);
        }
    }

    public void BecomeEcho(string prefix) => Become(() =>
    {
        Command<string>(text => Sender.Tell(prefix + text));
        Command<Action<ScriptedActor>>(action => action(this));
    });

    protected override void PreStart() => _script.OnStart?.Invoke(this);

    protected override void PreRestart(Exception reason, object message)
    {
        _script.OnRestart?.Invoke(reason, message);
        base.PreRestart(reason, message);
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        base.OnPersistFailure(cause, @event, sequenceNr);
        Probe.Tell(new PersistFailed(cause, @event, sequenceNr), Sender);
    }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        base.OnPersistRejected(cause, @event, sequenceNr);
        Probe.Tell(new PersistRejected(cause, @event, sequenceNr), Sender);
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        base.OnRecoveryFailure(reason, message);
        Probe.Tell(new RecoveryFailed(reason, message), Self);
    }

    protected override void OnReplaySuccess() => _script.OnReplayed?.Invoke(this);

    internal sealed record Get;

    internal sealed record State(object[] Events, long LastSequenceNr);

    internal sealed record PersistFailed(Exception Cause, object Event, long SequenceNr);

    internal sealed record PersistRejected(Exception Cause, object Event, long SequenceNr);

    internal sealed record RecoveryFailed(Exception Reason, object? Message);

    internal sealed record Script(string PersistenceId, IActorRef Probe)
    {
        public Recovery Recovery { get; init; } = Recovery.Default;

        public bool TakesSnapshots { get; init; } = true;

        public Action<ScriptedActor>? OnStart { get; init; }

        public Action<ScriptedActor>? OnReplayed { get; init; }

        public Action<ScriptedActor, object>? OnRecover { get; init; }

        public Action<Exception, object?>? OnRestart { get; init; }
    }
}
