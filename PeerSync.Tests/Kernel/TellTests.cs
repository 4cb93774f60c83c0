using PeerSync.Kernel;

namespace PeerSync.Tests.Kernel;

public sealed class TellTests : TestKit.TestKit
{
    [Fact]
    public async Task MessagesOfOneSenderKeepTheirOrder()
    {
        const int Count = 100_000;
        var done = new TaskCompletionSource();
        var actor = Sys.ActorOf(Props.Create(() => new OrderChecker(producers: 1, Count, done)));

        for (var i = 0; i < Count; i++)
        {
            actor.Tell(new Numbered(0, i));
        }

        await done.Task.WaitAsync(DefaultTimeout);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(2)]
    public async Task NoMessageIsLostOrRunTwiceUnderManyProducers(int producers)
    {
        const int Count = 50_000;
        var done = new TaskCompletionSource();
        var actor = Sys.ActorOf(Props.Create(() => new OrderChecker(producers, Count, done)));

        var threads = Enumerable.Range(0, producers).Select(producer => new Thread(() =>
        {
            for (var i = 0; i < Count; i++)
            {
                actor.Tell(new Numbered(producer, i));
            }
        })).ToArray();
        Array.ForEach(threads, thread => thread.Start());

        await done.Task.WaitAsync(DefaultTimeout);
        Array.ForEach(threads, thread => thread.Join());
    }

    [Fact]
    public async Task NothingIsLostWhenTheMailboxKeepsGoingIdle()
    {
        const int Count = 20_000;
        var answers = new SemaphoreSlim(0);
        var actor = Sys.ActorOf(Props.Create(() => new Releaser(answers)));

        // One message at a time, so that each meets a mailbox that is about to sleep.
        for (var i = 0; i < Count; i++)
        {
            actor.Tell("next");
            Assert.True(await answers.WaitAsync(DefaultTimeout), $"message {i} was never processed");
        }
    }

    [Fact]
    public async Task ABusyActorIsNeverRunByTwoThreads()
    {
        var done = new TaskCompletionSource();
        var actor = Sys.ActorOf(Props.Create(() => new Exclusive(80_000, done)));
        var producers = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                actor.Tell("x");
            }
        }));

        await Task.WhenAll(producers).WaitAsync(DefaultTimeout);
        await done.Task.WaitAsync(DefaultTimeout);
    }

    [Fact]
    public async Task TheSenderIsTheActorWhoseTurnItIs()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Relay(TestActor)));
        actor.Tell("told");
        await ExpectMsgAsync("told");
        Assert.Equal(actor, LastSender);
    }

    [Fact]
    public async Task ForwardKeepsTheSender()
    {
        var probe = CreateTestProbe();
        var actor = Sys.ActorOf(Props.Create(() => new Relay(TestActor)));
        probe.Send(actor, new Relay.Forwarded("kept"));
        await ExpectMsgAsync("kept");
        Assert.Equal(probe.Ref, LastSender);
    }

    [Fact]
    public async Task NoSenderIsSeenAsTheDeadLetters()
    {
        TestActor.Tell("x", ActorRefs.NoSender);
        await ExpectMsgAsync("x");
        Assert.Equal(Sys.DeadLetters, LastSender);
    }

    [Fact]
    public async Task MessagesToAStoppedActorBecomeDeadLetters()
    {
        var letters = CreateTestProbe();
        Sys.EventStream.Subscribe<DeadLetter>(letters.Ref);
        var actor = Sys.ActorOf(Props.Create(() => new Relay(TestActor)), "short");
        Assert.True(await actor.GracefulStop(DefaultTimeout));

        actor.Tell("late", TestActor);

        var letter = await letters.FishForMessageAsync<DeadLetter>(letter => letter.Message is "late");
        Assert.Equal(actor, letter.Recipient);
        Assert.Equal(TestActor, letter.Sender);
    }

    [Fact]
    public async Task WhatWaitedInTheMailboxOfAStoppedActorBecomesDeadLetters()
    {
        var letters = CreateTestProbe();
        Sys.EventStream.Subscribe<DeadLetter>(letters.Ref);
        var gate = new SemaphoreSlim(0);
        var actor = Sys.ActorOf(Props.Create(() => new Stopper(gate)));
        actor.Tell("stop");
        for (var i = 0; i < 100; i++)
        {
            actor.Tell(i);
        }

        gate.Release();

        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(i, (await letters.ExpectMsgAsync<DeadLetter>()).Message);
        }
    }

    [Fact]
    public async Task EveryMessageToAStoppingActorIsProcessedOrADeadLetter()
    {
        const int Rounds = 200;
        const int PerRound = 200;
        var letters = new CountingActor.Counter();
        Sys.EventStream.Subscribe<DeadLetter>(Sys.ActorOf(Props.Create(() => new CountingActor(letters))));
        var processed = new CountingActor.Counter();

        for (var round = 0; round < Rounds; round++)
        {
            var actor = Sys.ActorOf(Props.Create(() => new CountingActor(processed)));
            var producer = Task.Run(() =>
            {
                for (var i = 0; i < PerRound; i++)
                {
                    actor.Tell(i);
                }
            });
            Sys.Stop(actor);
            await producer.WaitAsync(DefaultTimeout);
        }

        await AwaitAssertAsync(() => Assert.Equal(Rounds * PerRound, letters.Value + processed.Value));
    }

    [Fact]
    public async Task UnknownMessagesArePublished()
    {
        Sys.EventStream.Subscribe<UnhandledMessage>(TestActor);
        var actor = Sys.ActorOf<Deaf>();
        actor.Tell("what?");
        var unhandled = await ExpectMsgAsync<UnhandledMessage>();
        Assert.Equal("what?", unhandled.Message);
        Assert.Equal(actor, unhandled.Recipient);
    }

    [Fact]
    public void NullIsNoMessage() => Assert.Throws<ArgumentNullException>(() => TestActor.Tell(null!, TestActor));

    internal sealed record Numbered(int Producer, int Number);

    private sealed class OrderChecker(int producers, int count, TaskCompletionSource done) : UntypedActor
    {
        private readonly int[] _next = new int[producers];
        private int _total;

        protected override void OnReceive(object message)
        {
            var (producer, number) = (Numbered)message;
            if (_next[producer] != number)
            {
                done.TrySetException(new InvalidOperationException($"Producer {producer}: expected {_next[producer]}, received {number}."));
            }

            _next[producer]++;
            if (++_total == producers * count)
            {
                done.TrySetResult();
            }
        }
    }

    private sealed class Releaser(SemaphoreSlim semaphore) : UntypedActor
    {
        protected override void OnReceive(object message) => semaphore.Release();
    }

    private sealed class Exclusive(int expected, TaskCompletionSource done) : UntypedActor
    {
        private int _inside;
        private int _count;

        protected override void OnReceive(object message)
        {
            if (Interlocked.Exchange(ref _inside, 1) != 0)
            {
                done.TrySetException(new InvalidOperationException("Two threads run the same actor."));
            }

            Thread.SpinWait(10);
            Volatile.Write(ref _inside, 0);
            if (++_count == expected)
            {
                done.TrySetResult();
            }
        }
    }

    private sealed class Relay(IActorRef target) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is Forwarded forwarded)
            {
                target.Forward(forwarded.Message);
            }
            else
            {
                target.Tell(message);
            }
        }

        internal sealed record Forwarded(object Message);
    }

    private sealed class Stopper(SemaphoreSlim gate) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            gate.Wait();
            Context.Stop(Self);
        }
    }

    private sealed class Deaf : UntypedActor
    {
        protected override void OnReceive(object message) => Unhandled(message);
    }
}
