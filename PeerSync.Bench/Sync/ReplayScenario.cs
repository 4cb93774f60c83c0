using System.Globalization;
using PeerSync.Bench.Load.Measurement;
using PeerSync.Bench.Load.Reporting;

namespace PeerSync.Bench.Sync;

/// <summary>How fast a device gets what it missed.</summary>
internal sealed class ReplayScenario : ISyncScenario
{
    // The web client's page, and the largest.
    private static readonly int[] Limits = [100, 1000];
    private readonly List<Sample> _samples = [];

    public async Task RunAsync(SyncRun run)
    {
        await using var server = await SyncServer.StartAsync(run.Options, run.Cancellation);
        var users = Enumerable.Range(0, run.Options.Replays.Max()).Select(_ => new SyncIdentity()).ToArray();
        var senders = await SenderGroup.OpenAsync(run, server.Process, users);
        await senders.SendAsync(run.Options.Missed);
        await senders.CloseAsync();
        run.Progress($"{users.Length} users have {run.Options.Missed:N0} events each");
        for (var round = 0; round <= run.Options.Rounds; round++)
        {
            foreach (var limit in Limits)
            {
                foreach (var count in run.Options.Replays)
                {
                    var sample = await MeasureAsync(run, server, users[..count], limit);
                    if (round > 0)
                    {
                        _samples.Add(sample);
                        run.Measured.Add(sample.Usage);
                        run.Progress(string.Create(
                            CultureInfo.InvariantCulture,
                            $"replay round {round}, {count} devices, pages of {limit}: {sample.Rate:N0} events/s, {sample.Events / sample.Usage.ServerCpu:N0} per server CPU s"));
                    }
                }
            }
        }
    }

    public string Report(SyncRun run)
    {
        var table = new MarkdownTable("Page", "Devices at a time", "Events/s", "Events per server CPU s", "Server CPU s per s", "Client CPU s per s");
        foreach (var samples in _samples.GroupBy(sample => (sample.Limit, sample.Devices)))
        {
            table.Add(
                samples.Key.Limit.ToString(CultureInfo.InvariantCulture),
                samples.Key.Devices.ToString(CultureInfo.InvariantCulture),
                RangeOf.Of(samples.Select(sample => sample.Rate)).ToString("N0"),
                RangeOf.Of(samples.Select(sample => sample.Events / sample.Usage.ServerCpu)).ToString("N0"),
                RangeOf.Of(samples.Select(sample => sample.Usage.ServerCpu / sample.Usage.Seconds)).ToString("F2"),
                ClientLoad.Describe(1, samples.Select(sample => sample.Usage)));
        }

        return table.ToString(string.Create(
            CultureInfo.InvariantCulture,
            $"Replay: new devices, each of a user with {run.Options.Missed:N0} events of {run.Options.Size} characters, every event confirmed, {run.Options.Rounds} rounds"));
    }

    private static async Task<Sample> MeasureAsync(SyncRun run, SyncServer server, SyncIdentity[] users, int limit)
    {
        var start = UsageSample.Take(server.Process.Id);
        var devices = await run.OnLoopAsync(() => Task.WhenAll(users.Select(user => ReplayingDevice.OpenAsync(run.Loop, server.Process, user, limit))));
        await run.UntilAsync(() => Array.TrueForAll(devices, device => device.IsDone), devices.Select(device => device.Connection), TimeSpan.FromMinutes(2), "replay");
        var usage = start.Until(UsageSample.Take(server.Process.Id));
        await run.CloseAsync(devices.Select(device => device.Connection));
        return Array.Find(devices, device => device.Received != run.Options.Missed) is { } wrong
            ? throw new InvalidDataException($"A device got {wrong.Received} events instead of {run.Options.Missed}.")
            : new Sample(limit, users.Length, (long)users.Length * run.Options.Missed, usage);
    }

    private sealed record Sample(int Limit, int Devices, long Events, Usage Usage)
    {
        public double Rate => Events / Usage.Seconds;
    }
}
