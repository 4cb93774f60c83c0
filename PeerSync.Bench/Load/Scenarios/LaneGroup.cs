using PeerSync.Bench.Load.Measurement;
using PeerSync.Bench.Load.Sockets;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Load.Scenarios;

/// <summary>Connections that have been brought together, with the lanes between them.</summary>
/// <param name="connections">All of them, also those that no lane begins or ends at.</param>
/// <param name="lanes">The lanes, by the index of their loop.</param>
internal sealed class LaneGroup(ConnectionGroup connections, IReadOnlyList<IReadOnlyList<Lane>> lanes) : IAsyncDisposable
{
    private static readonly TimeSpan StepLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(10);

    public ConnectionGroup Connections => connections;

    /// <summary>The lanes, by the index of their loop.</summary>
    public IReadOnlyList<IReadOnlyList<Lane>> ByLoop => lanes;

    /// <summary>Starts to keep so many messages in flight on every lane.</summary>
    /// <returns>The drivers, one for each loop.</returns>
    public async Task<ClosedLoopDriver[]> StartClosedLoopAsync(int window)
    {
        var drivers = lanes.Select(_ => new ClosedLoopDriver()).ToArray();
        await Connections.OnEachLoopAsync(loop => drivers[loop].Start(lanes[loop], window), StepLimit, "starting");
        return drivers;
    }

    /// <summary>Stops sending and waits for what is in flight.</summary>
    public async Task StopAsync(ClosedLoopDriver[] drivers)
    {
        await Connections.OnEachLoopAsync(loop => drivers[loop].Stop(), StepLimit, "stopping");
        await DrainAsync();
    }

    /// <summary>Sends as much as goes through for some time, so that the server compiles for speed what is measured later.</summary>
    public async Task WarmUpAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        const int Window = 4;
        var drivers = await StartClosedLoopAsync(Window);
        await Task.Delay(duration, cancellationToken);
        await StopAsync(drivers);
    }

    /// <summary>Keeps a window in flight for some time, measures it, and waits for what is still in flight.</summary>
    public async Task<LaneFigures> MeasureAsync(TargetRun run, ServerProcess server, int window, double warmup, double seconds)
    {
        var drivers = await StartClosedLoopAsync(window);
        await run.DelayAsync(warmup);
        var (received, counted) = (drivers.Sum(driver => driver.Received), connections.CountedMessages());
        var start = UsageSample.Take(server.Id);
        await run.DelayAsync(seconds);
        received = drivers.Sum(driver => driver.Received) - received;
        counted = connections.CountedMessages() - counted;
        var usage = start.Until(UsageSample.Take(server.Id));
        await StopAsync(drivers);
        run.Measured.Add(usage);
        return new LaneFigures(received, counted, usage);
    }

    /// <summary>
    /// Waits until every message that was sent has arrived. Nothing may be lost: a server that drops messages would look fast.
    /// </summary>
    public async Task DrainAsync()
    {
        await Connections.OnEachLoopAsync(
            async loop =>
            {
                for (var waited = TimeSpan.Zero; waited < DrainLimit; waited += TimeSpan.FromMilliseconds(5))
                {
                    if (lanes[loop].All(lane => lane.Received == lane.Sent))
                    {
                        return;
                    }

                    await Task.Delay(5);
                }
            },
            DrainLimit * 2,
            "draining");
        Connections.EnsureOpen();
        var missing = lanes.SelectMany(list => list).Sum(lane => lane.Sent - lane.Received);
        if (missing != 0)
        {
            throw new InvalidOperationException($"{missing} messages were sent but had not arrived {DrainLimit.TotalSeconds} s later.");
        }
    }

    public ValueTask DisposeAsync() => Connections.DisposeAsync();
}
