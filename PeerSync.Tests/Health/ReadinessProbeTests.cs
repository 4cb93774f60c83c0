using Microsoft.Extensions.Logging;
using PeerSync.Host.Health;
using PeerSync.Tests.Http;

namespace PeerSync.Tests.Health;

public sealed class ReadinessProbeTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly CapturedLogs _logs = new();
    private readonly ILoggerFactory _loggers;
    private readonly ScriptedCheck _check = new("storage");

    /// <summary>Started after the other one in each round, so its call tells that the other one is waited for.</summary>
    private readonly ScriptedCheck _later = new("later");
    private readonly ReadinessProbe _probe;

    public ReadinessProbeTests()
    {
        _loggers = LoggerFactory.Create(builder => builder.AddProvider(_logs));
        _probe = new ReadinessProbe([_check, _later], new HealthOptions(), _time, _loggers.CreateLogger<ReadinessProbe>());
    }

    public void Dispose()
    {
        _loggers.Dispose();
        _logs.Dispose();
    }

    [Fact]
    public async Task AnOutcomeIsGivenAgainForASecond()
    {
        Assert.True((await CheckAsync()).IsReady);
        _check.Run = static _ => ValueTask.FromResult(ReadinessResult.NotReady("gone"));
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.True((await CheckAsync()).IsReady);
        Assert.Equal(1, _check.Calls);
        _time.Advance(TimeSpan.FromMilliseconds(2));
        Assert.False((await CheckAsync()).IsReady);
        Assert.Equal(2, _check.Calls);
    }

    [Fact]
    public async Task ManyAtOnceMakeOneRound()
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource<ReadinessResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _check.Run = _ =>
        {
            entered.SetResult();
            return new ValueTask<ReadinessResult>(release.Task);
        };
        var first = CheckAsync();
        await entered.Task.WaitAsync(TestTime.Limit);
        var others = Enumerable.Range(0, 100).Select(_ => CheckAsync()).ToArray();
        release.SetResult(ReadinessResult.Ready);
        Assert.All(await Task.WhenAll([first, .. others]), static report => Assert.True(report.IsReady));
        Assert.Equal(1, _check.Calls);
    }

    [Fact]
    public async Task AHangingCheckFailsAtTheDeadlineAndIsNotAskedAgainWhileItHangs()
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource<ReadinessResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _check.Run = _ =>
        {
            entered.TrySetResult();
            return new ValueTask<ReadinessResult>(release.Task);
        };
        var first = CheckAsync();
        await entered.Task.WaitAsync(TestTime.Limit);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("failed", (await first).Checks["storage"]);

        // Its first call ends while the second round waits for it, which then has that call's outcome.
        var secondRound = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _later.Run = _ =>
        {
            secondRound.TrySetResult();
            return ValueTask.FromResult(ReadinessResult.Ready);
        };
        _time.Advance(TimeSpan.FromSeconds(2));
        var second = CheckAsync();
        await secondRound.Task.WaitAsync(TestTime.Limit);
        release.SetResult(ReadinessResult.Ready);
        Assert.True((await second).IsReady);
        Assert.Equal(1, _check.Calls);

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.True((await CheckAsync()).IsReady);
        Assert.Equal(2, _check.Calls);
    }

    [Fact]
    public async Task TheDeadlineReachesTheCheck()
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _check.Run = async deadline =>
        {
            var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = deadline.Register(cancelled.SetResult);
            entered.SetResult();
            await cancelled.Task;
            throw new OperationCanceledException(deadline);
        };
        var report = CheckAsync();
        await entered.Task.WaitAsync(TestTime.Limit);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.False((await report).IsReady);
    }

    [Fact]
    public async Task ACheckThatBlocksHoldsNobodyElse()
    {
        using var release = new ManualResetEventSlim();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _check.Run = _ =>
        {
            entered.TrySetResult();
            Assert.True(release.Wait(TestTime.Limit, CancellationToken.None));
            return ValueTask.FromResult(ReadinessResult.Ready);
        };
        var report = CheckAsync();
        await entered.Task.WaitAsync(TestTime.Limit);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.False((await report).IsReady);
        release.Set();
    }

    [Fact]
    public async Task ChangesAreLoggedOnce()
    {
        for (var round = 0; round < 3; round++)
        {
            _check.Run = static _ => ValueTask.FromResult(ReadinessResult.NotReady("no connection"));
            await CheckAsync();
            _time.Advance(TimeSpan.FromSeconds(2));
        }

        var entry = Assert.Single(_logs.Entries);
        Assert.Contains("NotReady: Not ready: storage: no connection.", entry, StringComparison.Ordinal);
    }

    private Task<ReadinessReport> CheckAsync() => _probe.CheckAsync(CancellationToken.None).AsTask().WaitAsync(TestTime.Limit);
}
