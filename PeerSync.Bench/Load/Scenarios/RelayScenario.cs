using System.Globalization;
using PeerSync.Bench.Load.Measurement;
using PeerSync.Bench.Load.Reporting;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Load.Scenarios;

/// <summary>Messages relayed as fast as the server can, with a fixed number in flight.</summary>
internal sealed class RelayScenario : IScenario<LoadRun>
{
    private readonly List<Sample> _samples = [];

    public string Name => "relay";

    public async Task RunAsync(LoadRun run)
    {
        await using var pool = new ServerPool();
        await run.ForEachAsync<ISocketTarget>(run.Options.Rounds, "relay", (target, round) => MeasureAsync(run, pool, target, round));
    }

    public string Report(LoadRun run)
    {
        var table = new MarkdownTable(
            "Server", "Window", "Messages/s", "Server CPU s per s", "Client CPU s per s", "Messages per server CPU s", "Ratio to echo");
        foreach (var window in run.Options.Windows)
        {
            foreach (var target in run.Targets)
            {
                var samples = _samples.Where(sample => sample.Target == target && sample.Window == window).ToArray();
                if (samples.Length == 0)
                {
                    continue;
                }

                table.Add(
                    target.Title,
                    window.ToString(CultureInfo.InvariantCulture),
                    RangeOf.Of(samples.Select(sample => sample.Messages / sample.Usage.Seconds)).ToString("N0"),
                    RangeOf.Of(samples.Select(sample => sample.Usage.ServerCpu / sample.Usage.Seconds)).ToString("F2"),
                    ClientLoad.Describe(run, samples.Select(sample => sample.Usage)),
                    RangeOf.Of(samples.Select(sample => sample.PerServerCpu)).ToString("N0"),
                    RangeOf.Of(RatiosToEcho(samples)).ToString("F2"));
            }
        }

        var title = string.Create(
            CultureInfo.InvariantCulture,
            $"Relay throughput: {run.Options.Pairs} pairs, both directions, "
            + $"{run.Options.Size} characters, {run.Options.Seconds} s a round, {run.Options.Rounds} rounds");
        return table.ToString(title);
    }

    private IEnumerable<double> RatiosToEcho(IEnumerable<Sample> samples)
    {
        foreach (var sample in samples)
        {
            var echo = _samples.Find(other => other.Target is EchoTarget && other.Round == sample.Round && other.Window == sample.Window);
            if (echo is not null)
            {
                yield return sample.PerServerCpu / echo.PerServerCpu;
            }
        }
    }

    private async Task MeasureAsync(LoadRun run, ServerPool pool, ISocketTarget target, int round)
    {
        var (server, isNew) = await pool.GetAsync(target, run.Cancellation);
        await using var pairs = await PairGroup.OpenAsync(run, target, server);
        if (isNew)
        {
            await pairs.WarmUpAsync(run.Options.FirstWarmup, run.Cancellation);
        }

        foreach (var window in run.Options.Windows)
        {
            var (messages, _, usage) = await pairs.MeasureAsync(run, server, window, run.Options.Warmup, run.Options.Seconds);
            var sample = new Sample(target, round, window, messages, usage);
            _samples.Add(sample);
            run.Progress(string.Create(
                CultureInfo.InvariantCulture,
                $"relay round {round + 1} {target.Name} window {window}: {messages / usage.Seconds:N0} messages/s, "
                + $"{sample.PerServerCpu:N0} per server CPU s, client {usage.ClientCpu / usage.Seconds:F2} CPU"));
        }
    }

    private sealed record Sample(ITarget Target, int Round, int Window, long Messages, Usage Usage)
    {
        public double PerServerCpu => Messages / Usage.ServerCpu;
    }
}
