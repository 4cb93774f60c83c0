using PeerSync.Bench.Load.Measurement;

namespace PeerSync.Bench.Load.Scenarios;

/// <summary>Sends over all lanes of a group at a fixed rate, and measures how long the messages take.</summary>
internal sealed class PacedLoad : IAsyncDisposable
{
    private static readonly TimeSpan StepLimit = TimeSpan.FromSeconds(10);
    private readonly TargetRun _run;
    private readonly LaneGroup _lanes;
    private readonly OpenLoopDriver[] _drivers;

    /// <param name="run">The run.</param>
    /// <param name="lanes">What it sends over, in turn.</param>
    /// <param name="rate">Messages a second, over all lanes.</param>
    public PacedLoad(TargetRun run, LaneGroup lanes, double rate)
    {
        _run = run;
        _lanes = lanes;
        var share = rate / lanes.ByLoop.Count(list => list.Count > 0);
        _drivers = run.Loops.Zip(lanes.ByLoop).Where(pair => pair.Second.Count > 0).Select(pair => new OpenLoopDriver(pair.First, pair.Second, share)).ToArray();
    }

    public Task StartAsync() => OnEachAsync(driver => driver.Start());

    /// <summary>Messages due from now on are recorded.</summary>
    public Task StartRecordingAsync() => OnEachAsync(driver => driver.StartRecording());

    /// <summary>Stops sending, waits for what is in flight, and gives the times from due to received, and from due to sent, in nanoseconds.</summary>
    /// <exception cref="InvalidOperationException">The target did not keep up with the rate.</exception>
    public async Task<(Histogram Latency, Histogram Delay)> FinishAsync()
    {
        await DisposeAsync();
        await _lanes.DrainAsync();
        if (_drivers.Any(driver => driver.HasFallenBehind))
        {
            throw new InvalidOperationException("The target did not keep up with the rate.");
        }

        var latency = new Histogram();
        var delay = new Histogram();
        foreach (var driver in _drivers)
        {
            latency.Add(driver.Latency);
            delay.Add(driver.Delay);
        }

        return (latency, delay);
    }

    public async ValueTask DisposeAsync() => await OnEachAsync(driver => driver.Dispose());

    private Task OnEachAsync(Action<OpenLoopDriver> action) =>
        Task.WhenAll(_drivers.Select(driver => driver.Loop.InvokeAsync(() => action(driver)))).WaitAsync(StepLimit, CancellationToken.None);
}
