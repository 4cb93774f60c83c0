using PeerSync.Kernel;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Kernel;

public sealed class MailboxTests : TestKit.TestKit
{
    private const int Capacity = 10;

    public MailboxTests()
        : base(ActorSystemSettings.Default
            .WithMailbox("drop", new BoundedMailbox(Capacity))
            .WithMailbox("reject", new BoundedMailbox(Capacity, MailboxOverflow.Reject)))
    {
    }

    [Fact]
    public async Task AFullMailboxDropsTheNewest()
    {
        var dropped = CreateTestProbe();
        Sys.EventStream.Subscribe<Dropped>(dropped.Ref);
        var (actor, gate) = await BlockedAsync("drop");
        for (var i = 0; i < Capacity + 3; i++)
        {
            actor.Tell(i, TestActor);
        }

        for (var i = Capacity; i < Capacity + 3; i++)
        {
            var letter = await dropped.ExpectMsgAsync<Dropped>();
            Assert.Equal(i, letter.Message);
            Assert.Equal(actor, letter.Recipient);
            Assert.Equal(TestActor, letter.Sender);
        }

        gate.Release();
        for (var i = 0; i < Capacity; i++)
        {
            await ExpectMsgAsync(i);
        }

        actor.Tell("room again");
        await ExpectMsgAsync("room again");
        await ExpectNoMsgAsync();
    }

    [Fact]
    public async Task AFullMailboxRejectsToTheSender()
    {
        var sender = CreateTestProbe();
        var (actor, gate) = await BlockedAsync("reject");
        for (var i = 0; i < Capacity + 1; i++)
        {
            sender.Send(actor, i);
        }

        var failure = await sender.ExpectMsgAsync<Status.Failure>();
        Assert.IsType<MailboxFullException>(failure.Cause);
        Assert.Equal(Capacity, failure.State);
        gate.Release();
    }

    [Fact]
    public async Task SystemMessagesPassAFullMailbox()
    {
        var (actor, gate) = await BlockedAsync("drop");
        await WatchAsync(actor);
        for (var i = 0; i < Capacity; i++)
        {
            actor.Tell(i);
        }

        Sys.Stop(actor);
        gate.Release();
        await ExpectTerminatedAsync(actor);
    }

    [Fact]
    public void AnUnknownMailboxIsRefused() =>
        Assert.Throws<ConfigurationException>(() => Sys.ActorOf(Props.Create(() => new Blocker(null!, null!, TestActor)).WithMailbox("none")));

    [Fact]
    public async Task AMailboxThatHadGrownGivesItsMemoryUp()
    {
        var time = new ManualTimeProvider();
        using var system = ActorSystem.Create("trim", With(time));
        var gates = new SemaphoreSlim(0);
        var blocked = new SemaphoreSlim(0);
        var actors = Enumerable.Range(0, 200).Select(_ => system.ActorOf(Props.Create(() => new Blocker(blocked, gates, ActorRefs.Nobody)))).ToArray();
        foreach (var actor in actors)
        {
            for (var i = 0; i < 200; i++)
            {
                actor.Tell(i);
            }
        }

        foreach (var actor in actors)
        {
            await actor.Ask<Done>("sync", CancellationToken.None).WaitAsync(DefaultTimeout);
        }

        var grown = GC.GetTotalMemory(forceFullCollection: true);
        time.Advance(system.Settings.MailboxTrimInterval);
        foreach (var actor in actors)
        {
            await actor.Ask<Done>("sync", CancellationToken.None).WaitAsync(DefaultTimeout);
        }

        var trimmed = GC.GetTotalMemory(forceFullCollection: true);

        // 200 mailboxes of 256 slots are 1.2 MB.
        Assert.InRange(grown - trimmed, 900_000, 1_500_000);
        await system.Terminate().WaitAsync(DefaultTimeout);
    }

    private async Task<(IActorRef Actor, SemaphoreSlim Gate)> BlockedAsync(string mailbox)
    {
        var blocked = new SemaphoreSlim(0);
        var gate = new SemaphoreSlim(0);
        var actor = Sys.ActorOf(Props.Create(() => new Blocker(blocked, gate, TestActor)).WithMailbox(mailbox));
        actor.Tell("block");
        Assert.True(await blocked.WaitAsync(DefaultTimeout), "the actor never blocked");
        return (actor, gate);
    }

    private sealed class Blocker(SemaphoreSlim blocked, SemaphoreSlim gate, IActorRef probe) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "block":
                    blocked.Release();
                    gate.Wait();
                    break;
                case "sync":
                    Sender.Tell(Done.Instance);
                    break;
                default:
                    probe.Tell(message);
                    break;
            }
        }
    }
}
