using PeerSync.Bench.Load.Sockets;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Load.Scenarios;

/// <summary>Pairs of connections that have been brought together, with a lane in each direction.</summary>
internal sealed class PairGroup : IAsyncDisposable
{
    private static readonly TimeSpan StepLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(10);
    private readonly List<Lane>[] _lanes;

    private PairGroup(ConnectionGroup connections, List<Lane>[] lanes)
    {
        Connections = connections;
        _lanes = lanes;
    }

    public ConnectionGroup Connections { get; }

    /// <summary>The lanes, by the index of their loop.</summary>
    public IReadOnlyList<IReadOnlyList<Lane>> ByLoop => _lanes;

    public static async Task<PairGroup> OpenAsync(LoadRun run, ITarget target, ServerProcess server)
    {
        var count = run.Options.Pairs;
        var credentials = ConnectionGroup.CreateCredentials(target, server, count * 2);
        var connections = await ConnectionGroup.OpenAsync(run, target, server, credentials, unit: 2, run.Options.Concurrency, ReceiveMode.Converse);
        try
        {
            var content = SentMessage.CreateContent(run.Options.Size);
            var lanes = run.Loops.Select(_ => new List<Lane>()).ToArray();
            await connections.OnEachLoopAsync(
                async loop =>
                {
                    var share = connections.ByLoop[loop];
                    for (var i = 0; i + 1 < share.Count; i += 2)
                    {
                        var (forth, back) = await target.PairAsync(share[i], share[i + 1], content);
                        lanes[loop].Add(forth);
                        lanes[loop].Add(back);
                    }

                    foreach (var connection in share)
                    {
                        connection.Mode = ReceiveMode.Lane;
                    }
                },
                StepLimit,
                "pairing");
            return new PairGroup(connections, lanes);
        }
        catch
        {
            await connections.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts to keep so many messages in flight on every lane.</summary>
    /// <returns>The drivers, one for each loop.</returns>
    public async Task<ClosedLoopDriver[]> StartClosedLoopAsync(int window)
    {
        var drivers = _lanes.Select(_ => new ClosedLoopDriver()).ToArray();
        await Connections.OnEachLoopAsync(loop => drivers[loop].Start(_lanes[loop], window), StepLimit, "starting");
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

    /// <summary>
    /// Waits until every message that was sent has arrived. Nothing may be lost: a server that drops messages would look fast.
    /// </summary>
    public async Task DrainAsync()
    {
        var lanes = _lanes.SelectMany(list => list).ToArray();
        await Connections.OnEachLoopAsync(
            async loop =>
            {
                for (var waited = TimeSpan.Zero; waited < DrainLimit; waited += TimeSpan.FromMilliseconds(5))
                {
                    if (_lanes[loop].TrueForAll(lane => lane.Received == lane.Sent))
                    {
                        return;
                    }

                    await Task.Delay(5);
                }
            },
            DrainLimit * 2,
            "draining");
        Connections.EnsureOpen();
        var missing = lanes.Sum(lane => lane.Sent - lane.Received);
        if (missing != 0)
        {
            throw new InvalidOperationException($"{missing} messages were sent but had not arrived {DrainLimit.TotalSeconds} s later.");
        }
    }

    public ValueTask DisposeAsync() => Connections.DisposeAsync();
}
