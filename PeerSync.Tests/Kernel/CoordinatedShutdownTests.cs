using System.Collections.Concurrent;
using PeerSync.Kernel;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Kernel;

public sealed class CoordinatedShutdownTests : TestKit.TestKit
{
    private readonly ManualTimeProvider _time;
    private readonly CoordinatedShutdown _shutdown;
    private readonly ConcurrentQueue<string> _ran = new();

    // In a system of its own, which outlives the one that is shut down.
    private readonly ActorSystem _outside = ActorSystem.Create("outside");
    private readonly Kit _log;

    public CoordinatedShutdownTests()
        : this(new ManualTimeProvider())
    {
    }

    private CoordinatedShutdownTests(ManualTimeProvider time)
        : base(new ActorSystemSettings
        {
            TimeProvider = time,
            ShutdownPhaseTimeouts = ActorSystemSettings.Default.ShutdownPhaseTimeouts.Add(CoordinatedShutdown.PhaseServiceStop, TimeSpan.FromSeconds(30)),
        })
    {
        _time = time;
        _shutdown = CoordinatedShutdown.Get(Sys);
        _log = new Kit(_outside);
        Sys.EventStream.Subscribe<Warning>(_log.TestActor);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _outside.Terminate().WaitAsync(DefaultTimeout);
    }

    [Fact]
    public async Task PhasesRunInTheirOrderAndTheSystemEndsLast()
    {
        Add(CoordinatedShutdown.PhaseBeforeActorSystemTerminate, "last");
        Add(CoordinatedShutdown.PhaseServiceUnbind, "unbind");
        Add(CoordinatedShutdown.PhaseServiceStop, "stop");
        Add(CoordinatedShutdown.PhaseBeforeServiceUnbind, "first");
        await _shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance).WaitAsync(DefaultTimeout);
        Assert.Equal(["first", "unbind", "stop", "last"], _ran);
        Assert.True(Sys.WhenTerminated.IsCompleted);
        Assert.Same(CoordinatedShutdown.ClrExitReason.Instance, _shutdown.ShutdownReason);
    }

    [Fact]
    public async Task APhaseThatIsLateIsLeftBehindAtItsDeadline()
    {
        _shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "hangs", () => new TaskCompletionSource<Done>().Task);
        Add(CoordinatedShutdown.PhaseServiceStop, "beside it");
        Add(CoordinatedShutdown.PhaseBeforeActorSystemTerminate, "after it");
        var run = _shutdown.Run(CoordinatedShutdown.UnknownReason.Instance);
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(30));
        Assert.False(run.IsCompleted);
        await AwaitAssertAsync(() => Assert.Equal(["beside it"], _ran));
        _time.Advance(TimeSpan.FromSeconds(30));
        var warning = await _log.ExpectMsgAsync<Warning>();
        Assert.Contains("hangs", warning.Message.ToString());
        Assert.DoesNotContain("beside", warning.Message.ToString());
        await run.WaitAsync(DefaultTimeout);
        Assert.Equal(["beside it", "after it"], _ran);
    }

    [Fact]
    public async Task ATaskThatFailsDoesNotKeepTheOthersFromRunning()
    {
        _shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "fails", () => throw new InvalidOperationException("no"));
        Add(CoordinatedShutdown.PhaseServiceStop, "beside it");
        Add(CoordinatedShutdown.PhaseClusterLeave, "after it");
        await _shutdown.Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(DefaultTimeout);
        Assert.Equal(["beside it", "after it"], _ran);
        Assert.Equal("no", (await _log.ExpectMsgAsync<Warning>()).Cause!.Message);
    }

    [Fact]
    public async Task ItRunsOnce()
    {
        Add(CoordinatedShutdown.PhaseServiceStop, "once");
        var first = _shutdown.Run(CoordinatedShutdown.UnknownReason.Instance);
        var second = _shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance);
        Assert.Same(first, second);
        await first.WaitAsync(DefaultTimeout);
        Assert.Single(_ran);
    }

    [Fact]
    public async Task ItCanBeginWithALaterPhase()
    {
        Add(CoordinatedShutdown.PhaseServiceUnbind, "skipped");
        Add(CoordinatedShutdown.PhaseClusterLeave, "run");
        await _shutdown.Run(CoordinatedShutdown.UnknownReason.Instance, CoordinatedShutdown.PhaseServiceStop).WaitAsync(DefaultTimeout);
        Assert.Equal(["run"], _ran);
    }

    [Fact]
    public void DeadlinesAreThoseOfTheSettings()
    {
        Assert.Equal(TimeSpan.FromSeconds(30), _shutdown.Timeout(CoordinatedShutdown.PhaseServiceStop));
        Assert.Equal(TimeSpan.FromSeconds(5), _shutdown.Timeout(CoordinatedShutdown.PhaseServiceUnbind));
        Assert.Equal(TimeSpan.FromSeconds(85), _shutdown.TotalTimeout);
        Assert.Throws<ArgumentException>(() => _shutdown.Timeout("no-such-phase"));
    }

    private void Add(string phase, string name) => _shutdown.AddTask(phase, name, () =>
    {
        _ran.Enqueue(name);
        return Task.FromResult(Done.Instance);
    });

    private sealed class Kit(ActorSystem system) : TestKitBase(system, name: null);
}
