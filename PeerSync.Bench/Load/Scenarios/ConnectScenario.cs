using System.Globalization;
using PeerSync.Bench.Load.Measurement;
using PeerSync.Bench.Load.Reporting;
using PeerSync.Bench.Load.Sockets;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Load.Scenarios;

/// <summary>How fast users get in: connect, upgrade, log in, register.</summary>
/// <param name="rounds">How often it is measured, the targets taking turns.</param>
/// <param name="connects">Connections that log in in one round.</param>
/// <param name="concurrency">How many of them do so at a time.</param>
internal sealed class ConnectScenario(int rounds, int connects, int concurrency) : IScenario<TargetRun>
{
    private readonly List<Sample> _samples = [];

    public string Name => "connects";

    public async Task RunAsync(TargetRun run)
    {
        await using var pool = new ServerPool();
        await run.ForEachAsync<ISocketTarget>(rounds, "connects", (target, round) => MeasureAsync(run, pool, target, round));
    }

    public string Report(TargetRun run)
    {
        var table = new MarkdownTable(
            "Server", "Connections/s", "Server CPU µs per connection", "Connections per server CPU s", "Client CPU s per s");
        foreach (var target in run.Targets)
        {
            var usages = _samples.Where(sample => sample.Target == target).Select(sample => sample.Usage).ToArray();
            if (usages.Length == 0)
            {
                continue;
            }

            table.Add(
                target.Title,
                RangeOf.Of(usages.Select(usage => connects / usage.Seconds)).ToString("N0"),
                RangeOf.Of(usages.Select(usage => usage.ServerCpu / connects * 1e6)).ToString("N0"),
                RangeOf.Of(usages.Select(usage => connects / usage.ServerCpu)).ToString("N0"),
                ClientLoad.Describe(run, usages));
        }

        var title = string.Create(
            CultureInfo.InvariantCulture,
            $"Authenticated connections per second: {connects:N0} a round, {concurrency} at a time, {rounds} rounds");
        return table.ToString(title);
    }

    private async Task MeasureAsync(TargetRun run, ServerPool pool, ISocketTarget target, int round)
    {
        var (server, isNew) = await pool.GetAsync(target, run.Cancellation);
        if (isNew)
        {
            // The first logins meet cold code; a whole round of them is left out.
            await using var warmup = await ConnectionGroup.OpenAsync(run, target, server, connects, concurrency);
        }

        var credentials = ConnectionGroup.CreateCredentials(target, server, connects);
        var start = UsageSample.Take(server.Id);
        await using var group = await ConnectionGroup.OpenAsync(run, target, server, credentials, unit: 1, concurrency, ReceiveMode.Count);
        var usage = start.Until(UsageSample.Take(server.Id));
        group.EnsureOpen();
        _samples.Add(new Sample(target, usage));
        run.Measured.Add(usage);
        run.Progress(string.Create(
            CultureInfo.InvariantCulture,
            $"connects round {round + 1} {target.Name}: {connects / usage.Seconds:N0} connections/s, "
            + $"{usage.ServerCpu / connects * 1e6:N0} µs server CPU each"));
    }

    private sealed record Sample(ITarget Target, Usage Usage);
}
