using PeerSync.Kernel;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Kernel;

public sealed class BackoffTests : TestKit.TestKit
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _time;

    public BackoffTests()
        : this(new ManualTimeProvider())
    {
    }

    private BackoffTests(ManualTimeProvider time)
        : base(With(time))
    {
        _time = time;
    }

    [Theory]
    [InlineData("fail")]
    [InlineData("stop")]
    public async Task TheDelaysDoubleUpToTheLongest(string how)
    {
        var options = how == "fail" ? Backoff.OnFailure(Child(), "child", Second, 5 * Second, 0) : Backoff.OnStop(Child(), "child", Second, 5 * Second, 0);
        var supervisor = Sys.ActorOf(BackoffSupervisor.Props(options.WithManualReset()));
        await ExpectMsgAsync("started");
        foreach (var delay in new[] { 1, 2, 4, 5, 5 })
        {
            supervisor.Tell(how);
            await _time.WaitForTimerAsync(delay * Second);
            _time.Advance((delay * Second) - TimeSpan.FromTicks(1));
            await ExpectNoMsgAsync(TimeSpan.FromMilliseconds(10));
            _time.Advance(TimeSpan.FromTicks(1));
            await ExpectMsgAsync("started");
        }

        var count = await supervisor.Ask<BackoffSupervisor.RestartCount>(BackoffSupervisor.GetRestartCount.Instance, CancellationToken.None);
        Assert.Equal(5, count.Count);
    }

    [Fact]
    public async Task AChildThatLivesLongEnoughStartsAfresh()
    {
        var options = Backoff.OnStop(Child(), "child", Second, 60 * Second, 0).WithAutoReset(10 * Second);
        var supervisor = Sys.ActorOf(BackoffSupervisor.Props(options));
        await ExpectMsgAsync("started");
        supervisor.Tell("stop");
        await _time.WaitForTimerAsync(Second);
        _time.Advance(Second);
        await ExpectMsgAsync("started");
        await _time.WaitForTimerAsync(10 * Second);
        _time.Advance(10 * Second);
        supervisor.Tell("stop");
        await _time.WaitForTimerAsync(Second);
    }

    [Fact]
    public async Task OnFailureAStopEndsTheSupervisor()
    {
        var supervisor = Sys.ActorOf(BackoffSupervisor.Props(Backoff.OnFailure(Child(), "child", Second, 5 * Second, 0)));
        await ExpectMsgAsync("started");
        await WatchAsync(supervisor);
        supervisor.Tell("stop");
        await ExpectTerminatedAsync(supervisor);
    }

    [Fact]
    public async Task TooManyRetriesEndTheSupervisor()
    {
        var supervisor = Sys.ActorOf(BackoffSupervisor.Props(Backoff.OnStop(Child(), "child", Second, 5 * Second, 0, maxNrOfRetries: 1).WithManualReset()));
        await ExpectMsgAsync("started");
        await WatchAsync(supervisor);
        supervisor.Tell("stop");
        await _time.WaitForTimerAsync(Second);
        _time.Advance(Second);
        await ExpectMsgAsync("started");
        supervisor.Tell("stop");
        await ExpectTerminatedAsync(supervisor);
    }

    [Fact]
    public async Task MessagesAreForwardedAndAnsweredWhileTheChildIsDown()
    {
        var options = Backoff.OnStop(Child(), "child", Second, 5 * Second, 0).WithManualReset().WithReplyWhileStopped("later");
        var supervisor = Sys.ActorOf(BackoffSupervisor.Props(options));
        await ExpectMsgAsync("started");
        supervisor.Tell("echo", TestActor);
        await ExpectMsgAsync("echo");
        supervisor.Tell("stop");
        await _time.WaitForTimerAsync(Second);
        supervisor.Tell("echo", TestActor);
        await ExpectMsgAsync("later");
        var child = await supervisor.Ask<BackoffSupervisor.CurrentChild>(BackoffSupervisor.GetCurrentChild.Instance, CancellationToken.None);
        Assert.True(child.Ref.IsNobody());
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(3, 800)]
    [InlineData(40, 10_000)]
    [InlineData(2000, 10_000)]
    public void TheRandomPartStaysInItsBounds(int restarts, int milliseconds)
    {
        for (var i = 0; i < 100; i++)
        {
            var delay = BackoffDelay(restarts, 0.2);
            Assert.InRange(delay.TotalMilliseconds, milliseconds, Math.Min(10_000, milliseconds * 1.2));
        }

        static TimeSpan BackoffDelay(int restarts, double randomFactor) =>
            BackoffSupervisor.CalculateDelay(restarts, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10), randomFactor);
    }

    private Props Child() => Props.Create(() => new ChildActor(TestActor));

    private sealed class ChildActor(IActorRef probe) : UntypedActor
    {
        protected override void PreStart() => probe.Tell("started");

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "fail":
                    throw new InvalidOperationException("boom");
                case "stop":
                    Context.Stop(Self);
                    break;
                default:
                    Sender.Tell(message);
                    break;
            }
        }
    }
}
