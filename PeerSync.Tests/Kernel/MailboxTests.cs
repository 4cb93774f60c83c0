using PeerSync.Kernel;

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
                default:
                    probe.Tell(message);
                    break;
            }
        }
    }
}
