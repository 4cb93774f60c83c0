using PeerSync.Kernel;

namespace PeerSync.Tests.Kernel;

public sealed class DispatcherTurnTests : TestKit.TestKit
{
    [Fact]
    public void WhatATurnSchedulesRunsRightAfterItOnTheSameThread()
    {
        var ran = 0;
        DispatcherTurn.Enter();
        DispatcherTurn.Schedule(new Item(() => ran = Environment.CurrentManagedThreadId));
        Assert.Equal(0, ran);
        DispatcherTurn.Exit();
        Assert.Equal(Environment.CurrentManagedThreadId, ran);
    }

    [Fact]
    public void OnlyTheOutermostExitRunsTheSlot()
    {
        var ran = false;
        DispatcherTurn.Enter();
        DispatcherTurn.Enter();
        DispatcherTurn.Schedule(new Item(() => ran = true));
        DispatcherTurn.Exit();
        Assert.False(ran);
        DispatcherTurn.Exit();
        Assert.True(ran);
    }

    [Fact]
    public async Task FurtherItemsAndItemsOutsideATurnGoToTheThreadPool()
    {
        var second = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var outside = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            DispatcherTurn.Schedule(new Item(() => outside.SetResult(Environment.CurrentManagedThreadId)));
            DispatcherTurn.Enter();
            DispatcherTurn.Schedule(new Item(() => { }));
            DispatcherTurn.Schedule(new Item(() => second.SetResult(Environment.CurrentManagedThreadId)));
            DispatcherTurn.Exit();
        });
        thread.Start();
        thread.Join();
        Assert.NotEqual(thread.ManagedThreadId, await second.Task.WaitAsync(DefaultTimeout));
        Assert.NotEqual(thread.ManagedThreadId, await outside.Task.WaitAsync(DefaultTimeout));
    }

    [Fact]
    public async Task AChainIsBoundedAndNeverRecurses()
    {
        const int Length = 1000;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var threadOfStart = -1;
        var onThread = 0;
        var deepest = 0;
        var left = Length;
        var thread = new Thread(() =>
        {
            threadOfStart = Environment.CurrentManagedThreadId;
            DispatcherTurn.Enter();
            DispatcherTurn.Schedule(new Item(Next));
            DispatcherTurn.Exit();
        });
        thread.Start();
        thread.Join();
        await done.Task.WaitAsync(DefaultTimeout);

        Assert.Equal(DispatcherTurn.MaxChain, onThread);
        Assert.InRange(deepest, 1, 40);

        void Next()
        {
            deepest = Math.Max(deepest, new System.Diagnostics.StackTrace().FrameCount);
            if (Environment.CurrentManagedThreadId == threadOfStart)
            {
                onThread++;
            }

            if (--left == 0)
            {
                done.SetResult();
                return;
            }

            DispatcherTurn.Enter();
            DispatcherTurn.Schedule(new Item(Next));
            DispatcherTurn.Exit();
        }
    }

    [Fact]
    public async Task AnItemThatThrowsLeavesTheThreadUsable()
    {
        var rest = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        DispatcherTurn.Enter();
        DispatcherTurn.Schedule(new Item(() =>
        {
            DispatcherTurn.Schedule(new Item(rest.SetResult));
            throw new InvalidOperationException("boom");
        }));
        Assert.Throws<InvalidOperationException>(DispatcherTurn.Exit);
        await rest.Task.WaitAsync(DefaultTimeout);

        WhatATurnSchedulesRunsRightAfterItOnTheSameThread();
    }

    [Fact]
    public void ExitWithoutEnterIsRefused()
    {
        Exception? thrown = null;
        var thread = new Thread(() => thrown = Record.Exception(DispatcherTurn.Exit));
        thread.Start();
        thread.Join();
        Assert.IsType<InvalidOperationException>(thrown);
    }

    [Fact]
    public async Task AChainOfActorsRunsOnTheThreadThatBeganIt()
    {
        var threads = new TaskCompletionSource<List<int>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var next = Sys.ActorOf(Props.Create(() => new End(threads)));
        for (var i = 0; i < 5; i++)
        {
            var target = next;
            next = Sys.ActorOf(Props.Create(() => new Hop(target)));
        }

        // Their first turns, in which they are created, are over.
        await next.Ask<Done>("ready?", DefaultTimeout);

        var thread = new Thread(() =>
        {
            DispatcherTurn.Enter();
            next.Tell(new List<int>());
            DispatcherTurn.Exit();
        });
        thread.Start();
        thread.Join();
        var seen = await threads.Task.WaitAsync(DefaultTimeout);
        Assert.Equal(6, seen.Count);
        Assert.All(seen, id => Assert.Equal(thread.ManagedThreadId, id));
    }

    [Fact]
    public async Task AnActorThatThrowsInAChainDoesNotBreakIt()
    {
        var failing = Sys.ActorOf(Props.Create(() => new Failing(TestActor)));
        for (var i = 0; i < 200; i++)
        {
            failing.Tell(i);
        }

        for (var i = 0; i < 200; i++)
        {
            await ExpectMsgAsync(i);
        }
    }

    [Fact]
    public async Task AnActorThatBlocksDoesNotHoldTheOneInItsSlot()
    {
        var gate = new SemaphoreSlim(0);
        var opener = Sys.ActorOf(Props.Create(() => new Opener(gate)));
        var blocker = Sys.ActorOf(Props.Create(() => new Blocker(opener, gate)));
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(Done.Instance, await blocker.Ask<Done>("block until the other has opened", DefaultTimeout));
        }
    }

    [Fact]
    public async Task TwoActorsThatNeverRestLeaveRoomForOthers()
    {
        var first = Sys.ActorOf(Props.Create(() => new Ball()));
        var second = Sys.ActorOf(Props.Create(() => new Ball()));
        for (var i = 0; i < 4 * Environment.ProcessorCount; i++)
        {
            first.Tell(i, second);
            second.Tell(i, first);
        }

        for (var i = 0; i < 100; i++)
        {
            var other = Sys.ActorOf(Props.Create(() => new Hop(TestActor)));
            other.Tell(new List<int>());
            await ExpectMsgAsync<List<int>>();
        }
    }

    private sealed class Item(Action action) : IThreadPoolWorkItem
    {
        public void Execute() => action();
    }

    private sealed class Hop(IActorRef next) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            (message as List<int>)?.Add(Environment.CurrentManagedThreadId);
            next.Forward(message);
        }
    }

    private sealed class End(TaskCompletionSource<List<int>> done) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is List<int> threads)
            {
                threads.Add(Environment.CurrentManagedThreadId);
                done.SetResult(threads);
            }
            else
            {
                Sender.Tell(Done.Instance);
            }
        }
    }

    private sealed class Failing(IActorRef probe) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            probe.Tell(message);
            throw new InvalidOperationException("boom");
        }
    }

    private sealed class Opener(SemaphoreSlim gate) : UntypedActor
    {
        protected override void OnReceive(object message) => gate.Release();
    }

    private sealed class Blocker(IActorRef opener, SemaphoreSlim gate) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            opener.Tell("open");
            gate.Wait();
            Sender.Tell(Done.Instance);
        }
    }

    private sealed class Ball : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message);
    }
}
