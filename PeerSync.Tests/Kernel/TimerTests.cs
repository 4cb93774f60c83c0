using PeerSync.Kernel;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Kernel;

public sealed class TimerTests : TestKit.TestKit
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _time;

    public TimerTests()
        : this(new ManualTimeProvider())
    {
    }

    private TimerTests(ManualTimeProvider time)
        : base(With(time))
    {
        _time = time;
    }

    [Fact]
    public async Task ASingleTimerFiresOnce()
    {
        var actor = await StartAsync();
        await DoAsync(actor, timers => timers.StartSingleTimer("key", "tick", Second));
        _time.Advance(Second - TimeSpan.FromTicks(1));
        await ExpectNoMsgAsync();
        _time.Advance(TimeSpan.FromTicks(1));
        await ExpectMsgAsync("tick");
        _time.Advance(10 * Second);
        await DoAsync(actor, timers => Assert.False(timers.IsTimerActive("key")));
        await ExpectNoMsgAsync();
    }

    [Fact]
    public async Task APeriodicTimerFiresAgainAndAgain()
    {
        var actor = await StartAsync();
        await DoAsync(actor, timers => timers.StartPeriodicTimer("key", "tick", TimeSpan.Zero + (3 * Second), Second));
        _time.Advance(2 * Second);
        await ExpectNoMsgAsync();
        for (var i = 0; i < 3; i++)
        {
            _time.Advance(Second);
            await ExpectMsgAsync("tick");
        }

        await DoAsync(actor, timers =>
        {
            Assert.True(timers.IsTimerActive("key"));
            timers.Cancel("key");
        });
        _time.Advance(5 * Second);
        await ExpectNoMsgAsync();
    }

    [Fact]
    public async Task ANewTimerReplacesTheOneOfItsKey()
    {
        var actor = await StartAsync();
        await DoAsync(actor, timers =>
        {
            timers.StartSingleTimer("key", "old", Second);
            timers.StartSingleTimer("key", "new", 2 * Second);
            Assert.Single(timers.ActiveTimers);
        });
        _time.Advance(3 * Second);
        await ExpectMsgAsync("new");
        await ExpectNoMsgAsync();
    }

    [Fact]
    public async Task AQueuedMessageOfACancelledTimerIsNotDelivered()
    {
        var actor = await StartAsync();
        await DoAsync(actor, timers => timers.StartSingleTimer("key", "tick", Second));
        await DoAsync(actor, timers =>
        {
            // Fires into the mailbox of the actor that is busy here.
            _time.Advance(Second);
            timers.Cancel("key");
        });
        await ExpectNoMsgAsync();
    }

    [Fact]
    public async Task AQueuedMessageOfAReplacedTimerIsNotDelivered()
    {
        var actor = await StartAsync();
        await DoAsync(actor, timers => timers.StartSingleTimer("key", "old", Second));
        await DoAsync(actor, timers =>
        {
            _time.Advance(Second);
            timers.StartSingleTimer("key", "new", Second);
        });
        await ExpectNoMsgAsync();
        _time.Advance(Second);
        await ExpectMsgAsync("new");
    }

    [Fact]
    public async Task ARestartCancelsTimersAndDropsTheirQueuedMessages()
    {
        var actor = await StartAsync();
        await DoAsync(actor, timers =>
        {
            timers.StartSingleTimer("queued", "old tick", Second);
            timers.StartPeriodicTimer("periodic", "old period", 2 * Second);
        });
        actor.Tell(new Action<ITimerScheduler>(_ =>
        {
            _time.Advance(Second);
            throw new InvalidOperationException("boom");
        }));
        await DoAsync(actor, timers => Assert.Empty(timers.ActiveTimers));
        _time.Advance(10 * Second);
        await ExpectNoMsgAsync();
        Assert.Equal(0, _time.ActiveTimers);
    }

    [Fact]
    public async Task AStopCancelsTimers()
    {
        var actor = await StartAsync();
        await DoAsync(actor, timers => timers.StartPeriodicTimer("key", "tick", Second));
        Assert.Equal(1, _time.ActiveTimers);
        await WatchAsync(actor);
        Sys.Stop(actor);
        await ExpectTerminatedAsync(actor);
        Assert.Equal(0, _time.ActiveTimers);
    }

    [Fact]
    public async Task APeriodicTimerDoesNotPileUpInABusyActor()
    {
        var actor = await StartAsync();
        await DoAsync(actor, timers => timers.StartPeriodicTimer("key", "tick", Second));
        await DoAsync(actor, _ => _time.Advance(50 * Second));
        await ExpectMsgAsync("tick");
        await ExpectNoMsgAsync();
    }

    [Fact]
    public async Task TheReceiveTimeoutComesAfterSilence()
    {
        var actor = await StartAsync();
        actor.Tell(new TimeoutActor.Set(10 * Second));
        await _time.WaitForTimerAsync(10 * Second);
        _time.Advance(6 * Second);
        await DoAsync(actor, _ => { });
        _time.Advance(6 * Second);
        await ExpectNoMsgAsync();
        _time.Advance(4 * Second);
        await ExpectMsgAsync(ReceiveTimeout.Instance);

        // And again, for as long as it is set.
        await _time.WaitForTimerAsync(10 * Second);
        _time.Advance(10 * Second);
        await ExpectMsgAsync(ReceiveTimeout.Instance);
        await _time.WaitForTimerAsync(10 * Second);

        actor.Tell(new TimeoutActor.Set(null));
        await DoAsync(actor, _ => { });
        Assert.Equal(0, _time.ActiveTimers);
    }

    [Fact]
    public async Task MessagesThatDoNotCountLeaveTheReceiveTimeoutAlone()
    {
        var actor = await StartAsync();
        actor.Tell(new TimeoutActor.Set(10 * Second));
        await _time.WaitForTimerAsync(10 * Second);
        _time.Advance(6 * Second);
        actor.Tell(new TimeoutActor.Quiet());
        await ExpectMsgAsync<TimeoutActor.Quiet>();
        _time.Advance(4 * Second);
        await ExpectMsgAsync(ReceiveTimeout.Instance);
    }

    [Fact]
    public async Task TheSchedulerTellsOnceAndRepeatedlyUntilItIsCancelled()
    {
        Sys.Scheduler.ScheduleTellOnce(Second, TestActor, "once", ActorRefs.NoSender);
        var repeated = Sys.Scheduler.ScheduleTellRepeatedlyCancelable(2 * Second, 2 * Second, TestActor, "again", TestActor);
        var never = Sys.Scheduler.ScheduleTellOnceCancelable(Second, TestActor, "never", ActorRefs.NoSender);
        never.Cancel();
        _time.Advance(4 * Second);
        await ExpectMsgAsync("once");
        await ExpectMsgAsync("again");
        await ExpectMsgAsync("again");
        repeated.Cancel();
        _time.Advance(10 * Second);
        await ExpectNoMsgAsync();
        Assert.Equal(0, _time.ActiveTimers);
    }

    [Fact]
    public void TimersFireInTheOrderInWhichTheyAreDue()
    {
        var fired = new List<string>();
        using var late = _time.CreateTimer(_ => fired.Add($"late {_time.GetUtcNow():ss}"), null, 3 * Second, Timeout.InfiniteTimeSpan);
        using var early = _time.CreateTimer(_ => fired.Add($"early {_time.GetUtcNow():ss}"), null, Second, Second);
        _time.Advance(3 * Second);
        Assert.Equal(["early 01", "early 02", "late 03", "early 03"], fired);
    }

    private async Task<IActorRef> StartAsync()
    {
        var actor = Sys.ActorOf(Props.Create(() => new TimeoutActor(TestActor)));
        await DoAsync(actor, _ => { });
        return actor;
    }

    private async Task DoAsync(IActorRef actor, Action<ITimerScheduler> action)
    {
        var result = await actor.Ask<object>(action, CancellationToken.None).WaitAsync(DefaultTimeout);
        if (result is Exception exception)
        {
            throw exception;
        }
    }

    private sealed class TimeoutActor(IActorRef probe) : UntypedActor, IWithTimers
    {
        public ITimerScheduler Timers { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case Action<ITimerScheduler> action:
                    try
                    {
                        action(Timers);
                    }
                    catch (Exception exception) when (exception.Message != "boom")
                    {
                        Sender.Tell(exception);
                        break;
                    }

                    Sender.Tell(Done.Instance);
                    break;
                case Set set:
                    Context.SetReceiveTimeout(set.Timeout);
                    break;
                default:
                    probe.Tell(message);
                    break;
            }
        }

        internal sealed record Set(TimeSpan? Timeout);

        internal sealed record Quiet : INotInfluenceReceiveTimeout;
    }
}
