using System.Globalization;
using System.Text.Json;
using PeerSync.Bench.Load.Measurement;
using PeerSync.Bench.Load.Reporting;
using PeerSync.Bench.Load.Scenarios;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Sharing;

/// <summary>How many authenticated requests a server answers, and how fast: the devices of a user, a full list of shares, and a new share.</summary>
/// <param name="kinds">Which of them are measured.</param>
internal sealed class RequestScenario(IReadOnlyList<string> kinds) : IScenario<SharingRun>
{
    private const double NanosecondsPerMillisecond = 1e6;

    private static readonly Dictionary<string, string> Titles = new(StringComparer.Ordinal)
    {
        ["me"] = "GET keys/me",
        ["list"] = "GET code-share/team/list",
        ["share"] = "POST code-share/share",
    };

    private readonly List<Sample> _samples = [];
    private readonly Dictionary<ITarget, IReadOnlyList<SharingUser>> _users = [];

    public string Name => "requests";

    public async Task RunAsync(SharingRun run)
    {
        await using var pool = new ServerPool();
        await run.ForEachAsync<SharingTarget>(run.Options.Rounds, Name, (target, round) => MeasureAsync(run, pool, target, round));
    }

    public string Report(SharingRun run)
    {
        var table = new MarkdownTable("Request", "Server", "Requests/s", "p50 ms", "p99 ms", "Server CPU µs per request", "Server CPU s per s", "Client CPU s per s");
        foreach (var group in _samples.GroupBy(static sample => (sample.Kind, sample.Target)).OrderBy(group => kinds.ToList().IndexOf(group.Key.Kind)))
        {
            table.Add(
                Titles[group.Key.Kind],
                group.Key.Target.Title,
                RangeOf.Of(group.Select(static sample => sample.Latency.Count / sample.Usage.Seconds)).ToString("N0"),
                RangeOf.Of(group.Select(static sample => sample.Latency.Percentile(50) / NanosecondsPerMillisecond)).ToString("F2"),
                RangeOf.Of(group.Select(static sample => sample.Latency.Percentile(99) / NanosecondsPerMillisecond)).ToString("F2"),
                RangeOf.Of(group.Select(static sample => sample.Usage.ServerCpu / sample.Latency.Count * 1e6)).ToString("N0"),
                RangeOf.Of(group.Select(static sample => sample.Usage.ServerCpu / sample.Usage.Seconds)).ToString("F2"),
                ClientLoad.Describe(run, group.Select(static sample => sample.Usage)));
        }

        return table.ToString(string.Create(
            CultureInfo.InvariantCulture,
            $"Authenticated requests: {run.Options.Concurrency} connections of as many users, lists of {run.Options.Items} shares, shares of {run.Options.Size:N0} "
            + $"characters with {run.Options.Wraps} wrapped keys, {run.Options.Seconds} s a round, {run.Options.Rounds} rounds. "
            + $"The server's CPU is that of its own process: PostgreSQL's is not in it"));
    }

    private static async Task CheckAsync(string kind, RequestGroup group, SharingRun run)
    {
        // What is measured is what was asked for, and not an error or an empty list.
        using var answer = JsonDocument.Parse(await group.AskAsync());
        var isRight = kind switch
        {
            "me" => answer.RootElement.GetProperty("devices").GetArrayLength() == 1,
            "list" => answer.RootElement.GetProperty("items").GetArrayLength() == run.Options.Items
                && answer.RootElement.GetProperty("items")[0].GetProperty("wrappedKeys").GetArrayLength() == run.Options.Wraps,
            _ => answer.RootElement.GetProperty("id").GetString() is { Length: > 0 },
        };
        if (!isRight)
        {
            throw new InvalidDataException($"{kind} was answered {answer.RootElement.GetRawText()}");
        }
    }

    private async Task MeasureAsync(SharingRun run, ServerPool pool, SharingTarget target, int round)
    {
        var (server, isNew) = await pool.GetAsync(target, run.Cancellation);
        if (isNew)
        {
            _users[target] = await CreateUsersAsync(run, target, server);
        }

        foreach (var kind in kinds)
        {
            var requests = _users[target].Select(user => SharingRequests.Create(kind, user, run.Options)).ToArray();
            await using var group = await RequestGroup.OpenAsync(run, server, requests);
            await CheckAsync(kind, group, run);
            var warmup = isNew ? run.Options.FirstWarmup.TotalSeconds : run.Options.Warmup;
            var (latency, usage) = await group.MeasureAsync(run, server, warmup);
            _samples.Add(new Sample(target, kind, latency, usage));
            run.Measured.Add(usage);
            run.Progress(string.Create(
                CultureInfo.InvariantCulture,
                $"{kind} round {round + 1} {target.Name}: {latency.Count / usage.Seconds:N0}/s, p99 {latency.Percentile(99) / NanosecondsPerMillisecond:F2} ms, "
                + $"{usage.ServerCpu / latency.Count * 1e6:N0} µs server CPU each"));
        }
    }

    private static async Task<IReadOnlyList<SharingUser>> CreateUsersAsync(SharingRun run, SharingTarget target, ServerProcess server)
    {
        using var http = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{server.Port}")) };
        var users = new List<SharingUser>();
        for (var i = 0; i < run.Options.Concurrency; i++)
        {
            users.Add(await target.CreateUserAsync(http, server.NextUser(), run.Cancellation));
        }

        await using var filling = await RequestGroup.OpenAsync(run, server, users.Select(user => SharingRequests.Share(user, run.Options)).ToArray());
        for (var i = 0; i < run.Options.Items; i++)
        {
            await filling.AskAllAsync();
        }

        return users;
    }

    private sealed record Sample(SharingTarget Target, string Kind, Histogram Latency, Usage Usage);
}
