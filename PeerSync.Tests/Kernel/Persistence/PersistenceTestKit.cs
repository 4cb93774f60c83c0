using PeerSync.Kernel;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Kernel.Persistence;

/// <summary>The base of tests with persistent actors on a scripted journal.</summary>
public abstract class PersistenceTestKit : TestKit.TestKit
{
    private protected PersistenceTestKit()
        : this(new ManualTimeProvider(), static settings => settings)
    {
    }

    private protected PersistenceTestKit(Func<ActorSystemSettings, ActorSystemSettings> configure)
        : this(new ManualTimeProvider(), configure)
    {
    }

    private PersistenceTestKit(ManualTimeProvider time, Func<ActorSystemSettings, ActorSystemSettings> configure)
        : base(configure(With(time)))
    {
        Time = time;
        PeerSync.Kernel.Persistence.Get(Sys).Use(Journal, Snapshots);
    }

    private protected ManualTimeProvider Time { get; }

    private protected ScriptedJournal Journal { get; } = new();

    private protected ScriptedSnapshotStore Snapshots { get; } = new();

    private protected IActorRef Start(string id = "a", Func<ScriptedActor.Script, ScriptedActor.Script>? configure = null)
    {
        var script = new ScriptedActor.Script(id, TestActor);
        script = configure?.Invoke(script) ?? script;
        return Sys.ActorOf(Props.Create(() => new ScriptedActor(script)));
    }

    private protected void Do(IActorRef actor, Action<ScriptedActor> action) => actor.Tell(action, TestActor);

    private protected void DoAsync(IActorRef actor, Func<ScriptedActor, Task> action) => actor.Tell(action, TestActor);

    private protected async Task<ScriptedActor.State> StateOf(IActorRef actor) =>
        await actor.Ask<ScriptedActor.State>(new ScriptedActor.Get(), CancellationToken.None).WaitAsync(DefaultTimeout);
}
