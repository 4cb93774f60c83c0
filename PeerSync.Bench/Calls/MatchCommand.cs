using System.Globalization;
using PeerSync.Bench.Load;
using PeerSync.Bench.Load.Measurement;
using PeerSync.Bench.Load.Reporting;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Calls;

/// <summary>Measures the decisions of a match pool in this process, without actors and sockets: how many a second, and how long one takes while many wait.</summary>
internal static class MatchCommand
{
    private const double NanosecondsPerMicrosecond = 1000;

    // What is asked of a pool of ten thousand (docs/benchmarks.md).
    private const int GoalTickets = 10_000;
    private const double GoalMicroseconds = 100_000;

    public static Task<int> RunAsync(IReadOnlyList<string> args) => MeasuringCommand.RunAsync(
        args,
        MatchOptions.Parse,
        MatchOptions.Usage,
        static options => TimeSpan.FromMinutes(options.LimitMinutes),
        static (options, cancellationToken) => MeasureAsync(options, cancellationToken));

    private static async Task<int> MeasureAsync(MatchOptions options, CancellationToken cancellationToken)
    {
        var figures = new List<Figure>();
        try
        {
            for (var round = 0; round < options.Rounds; round++)
            {
                foreach (var (mix, tickets) in options.Mixes.SelectMany(mix => options.Tickets.Select(tickets => (mix, tickets))))
                {
                    await Console.Error.WriteLineAsync($"round {round + 1}: {mix}, {tickets} tickets");
                    figures.Add(Measure(options, mix, tickets, round, cancellationToken));
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await Console.Out.WriteLineAsync("The run was ended before it was complete.");
        }

        var machine = Machine.Describe(new DotNetSettings(IsServerGc: false), "", clientThreads: 1);
        await Console.Out.WriteLineAsync($"Measured on: {machine}. Figures are medians (lowest–highest round).\n");
        await Console.Out.WriteLineAsync(Table(figures));
        var isSlow = figures.Exists(static figure => figure.Tickets <= GoalTickets && figure.P99 > GoalMicroseconds);
        if (isSlow)
        {
            await Console.Out.WriteLineAsync("A decision of a pool of ten thousand took more than 100 ms too often.");
        }

        return isSlow || cancellationToken.IsCancellationRequested ? 1 : 0;
    }

    private static Figure Measure(MatchOptions options, MatchMix mix, int tickets, int seed, CancellationToken cancellationToken)
    {
        GC.Collect();
        var round = new MatchRound(mix, tickets, options.Rate, seed);
        round.Fill(cancellationToken);
        round.Run(TimeSpan.FromSeconds(options.Warmup), cancellationToken);
        round.Run(TimeSpan.FromSeconds(options.Seconds), cancellationToken);
        return new Figure(
            mix,
            tickets,
            round.Decisions.Count / round.Busy,
            100.0 * round.Matched / Math.Max(1, round.Decisions.Count),
            round.Decisions.Percentile(50) / NanosecondsPerMicrosecond,
            round.Decisions.Percentile(99) / NanosecondsPerMicrosecond,
            round.Decisions.Max / NanosecondsPerMicrosecond,
            round.Turns.Percentile(99) / NanosecondsPerMicrosecond);
    }

    private static string Table(List<Figure> figures)
    {
        var table = new MarkdownTable("mix", "tickets", "decisions/s", "matched %", "p50 µs", "p99 µs", "longest µs", "p99 µs of a turn of relaxation");
        foreach (var group in figures.GroupBy(static figure => (figure.Mix, figure.Tickets)))
        {
            table.Add(
                group.Key.Mix.ToString().ToLowerInvariant(),
                group.Key.Tickets.ToString("N0", CultureInfo.InvariantCulture),
                RangeOf.Of(group.Select(static figure => figure.PerSecond)).ToString("N0"),
                RangeOf.Of(group.Select(static figure => figure.Matched)).ToString("F0"),
                RangeOf.Of(group.Select(static figure => figure.P50)).ToString("F1"),
                RangeOf.Of(group.Select(static figure => figure.P99)).ToString("F1"),
                RangeOf.Of(group.Select(static figure => figure.Longest)).ToString("F0"),
                RangeOf.Of(group.Select(static figure => figure.TurnP99)).ToString("F0"));
        }

        return table.ToString("Decisions of a match pool that is kept at its size");
    }

    private sealed record Figure(
        MatchMix Mix, int Tickets, double PerSecond, double Matched, double P50, double P99, double Longest, double TurnP99);
}
