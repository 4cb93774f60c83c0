using System.Diagnostics;
using System.Globalization;
using PeerSync.Bench.Load.Measurement;
using PeerSync.Bench.Load.Reporting;
using PeerSync.Bench.Load.Sockets;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Load.Scenarios;

/// <summary>
/// What it costs to tell a network's members that somebody comes or goes. Members stay; a few others come and go all the time.
/// Only PeerSync has networks.
/// </summary>
internal sealed class PresenceScenario : IScenario<LoadRun>
{
    private const int Visitors = 10;
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan QuietLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DeliveryLimit = TimeSpan.FromSeconds(5);
    private readonly List<Sample> _samples = [];

    public string Name => "presence";

    public async Task RunAsync(LoadRun run)
    {
        foreach (var target in run.Targets.OfType<PeerSyncTarget>())
        {
            for (var round = 0; round < run.Options.Rounds; round++)
            {
                foreach (var members in run.Options.Members)
                {
                    await run.TryAsync(
                        string.Create(CultureInfo.InvariantCulture, $"presence with {members} members"),
                        target,
                        () => MeasureAsync(run, target, members, round));
                }
            }
        }
    }

    public string Report(LoadRun run)
    {
        var table = new MarkdownTable(
            "Members",
            "Event",
            "Server CPU µs per event",
            "Server CPU µs per delivery",
            "Deliveries per event",
            "Bytes per event",
            "Deliveries/s",
            "Client CPU s per s");
        foreach (var members in run.Options.Members)
        {
            AddRow(run, table, members, "join (with its login)", sample => sample.Joins);
            AddRow(run, table, members, "leave", sample => sample.Leaves);
        }

        return table.ToString(string.Create(
            CultureInfo.InvariantCulture,
            $"Presence in one network: {Visitors} visitors come and go, {run.Options.Seconds} s a round, {run.Options.Rounds} rounds"));
    }

    private void AddRow(LoadRun run, MarkdownTable table, int members, string name, Func<Sample, Phase> select)
    {
        var phases = _samples.Where(sample => sample.Members == members).Select(select).ToArray();
        if (phases.Length == 0)
        {
            return;
        }

        table.Add(
            members.ToString("N0", CultureInfo.InvariantCulture),
            name,
            RangeOf.Of(phases.Select(phase => phase.Usage.ServerCpu / phase.Events * 1e6)).ToString("N0"),
            RangeOf.Of(phases.Where(phase => phase.Deliveries > 0).Select(phase => phase.Usage.ServerCpu / phase.Deliveries * 1e6)).ToString("F2"),
            RangeOf.Of(phases.Select(phase => (double)phase.Deliveries / phase.Events)).ToString("N1"),
            RangeOf.Of(phases.Select(phase => (double)phase.Bytes / phase.Events)).ToString("N0"),
            RangeOf.Of(phases.Select(phase => phase.Deliveries / phase.Usage.Seconds)).ToString("N0"),
            ClientLoad.Describe(run, phases.Select(phase => phase.Usage)));
    }

    private async Task MeasureAsync(LoadRun run, PeerSyncTarget target, int members, int round)
    {
        await using var server = await target.StartAsync(run.Cancellation);
        var memberTokens = ConnectionGroup.CreateCredentials(target, server, members);
        var visitorTokens = ConnectionGroup.CreateCredentials(target, server, Visitors);
        using (var networks = new NetworkClient(server))
        {
            await networks.GatherAsync([.. memberTokens, .. visitorTokens], run.Cancellation);
        }

        await using var group = await ConnectionGroup.OpenAsync(run, target, server, memberTokens, unit: 1, run.Options.Concurrency, ReceiveMode.Count);
        await group.WaitUntilQuietAsync(Quiet, QuietLimit);

        // The first cycle runs cold code and is left out.
        _ = await CycleAsync(run, target, server, group, visitorTokens);
        var joins = new Phase();
        var leaves = new Phase();
        var started = Stopwatch.GetTimestamp();
        do
        {
            var (join, leave) = await CycleAsync(run, target, server, group, visitorTokens);
            joins += join;
            leaves += leave;
        }
        while (Stopwatch.GetElapsedTime(started).TotalSeconds < run.Options.Seconds);

        group.EnsureOpen();
        _samples.Add(new Sample(members, joins, leaves));
        run.Measured.Add(joins.Usage + leaves.Usage);
        run.Progress(string.Create(
            CultureInfo.InvariantCulture,
            $"presence round {round + 1}, {members} members: {joins.Usage.ServerCpu / joins.Events * 1e6:N0} µs server CPU per join, "
            + $"{leaves.Usage.ServerCpu / leaves.Events * 1e6:N0} µs per leave, "
            + $"{(double)joins.Deliveries / joins.Events:N1} and "
            + $"{(double)leaves.Deliveries / leaves.Events:N1} deliveries"));
    }

    /// <summary>All visitors come, and when everybody has been told, all go.</summary>
    private static async Task<(Phase Joins, Phase Leaves)> CycleAsync(
        LoadRun run, ISocketTarget target, ServerProcess server, ConnectionGroup members, string[] visitorTokens)
    {
        var meter = new DeliveryMeter(server, members, DeliveryLimit);
        var visitors = await ConnectionGroup.OpenAsync(run, target, server, visitorTokens, unit: 1, visitorTokens.Length, ReceiveMode.Count);
        Phase joins;
        await using (visitors)
        {
            joins = await meter.FinishAsync(Visitors, run.Cancellation);
            meter = new DeliveryMeter(server, members, DeliveryLimit);
        }

        return (joins, await meter.FinishAsync(Visitors, run.Cancellation));
    }

    private sealed record Sample(int Members, Phase Joins, Phase Leaves);
}
