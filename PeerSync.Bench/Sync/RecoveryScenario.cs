using System.Diagnostics;
using System.Globalization;
using PeerSync.Bench.Load.Measurement;
using PeerSync.Bench.Load.Reporting;

namespace PeerSync.Bench.Sync;

/// <summary>How long the first login of a user with a long history takes after a restart of the server, beside that of a user with one event.</summary>
internal sealed class RecoveryScenario : ISyncScenario
{
    private const int WarmupLogins = 200;
    private readonly List<(double Short, double Long)> _samples = [];

    public async Task RunAsync(SyncRun run)
    {
        await using var server = await SyncServer.StartAsync(run.Options, run.Cancellation);
        var crowd = IdleDevices.Create(WarmupLogins);
        SyncIdentity[] users = [new(), new()];
        foreach (var (user, events) in users.Zip([1, run.Options.History]))
        {
            var sender = await SenderGroup.OpenAsync(run, server.Process, [user]);
            await sender.SendAsync(events);
            await sender.CloseAsync();
        }

        run.Progress($"a user has {run.Options.History:N0} events");
        for (var round = 1; round <= run.Options.Rounds; round++)
        {
            await server.RestartAsync(run.Cancellation);

            // Code is compiled by the logins of others.
            await run.CloseAsync(await IdleDevices.OpenAsync(run, server.Process, crowd, run.Options.Concurrency));
            _samples.Add((await MeasureAsync(run, server, users[0]), await MeasureAsync(run, server, users[1])));
            run.Progress(string.Create(CultureInfo.InvariantCulture, $"recovery round {round}: {_samples[^1].Short:F1} ms with 1 event, {_samples[^1].Long:F1} ms with all"));
        }
    }

    public string Report(SyncRun run)
    {
        var table = new MarkdownTable("Events of the user", "First login after a restart, ms");
        if (_samples.Count > 0)
        {
            table.Add("1", RangeOf.Of(_samples.Select(sample => sample.Short)).ToString("F1"));
            table.Add(run.Options.History.ToString("N0", CultureInfo.InvariantCulture), RangeOf.Of(_samples.Select(sample => sample.Long)).ToString("F1"));
        }

        return table.ToString($"Recovery: a user's events are read again, {run.Options.Rounds} rounds");
    }

    private static async Task<double> MeasureAsync(SyncRun run, SyncServer server, SyncIdentity user)
    {
        var started = Stopwatch.GetTimestamp();
        var open = await IdleDevices.OpenAsync(run, server.Process, [(user, Guid.NewGuid())], 1);
        var elapsed = Stopwatch.GetElapsedTime(started);
        await run.CloseAsync(open);
        return elapsed.TotalMilliseconds;
    }
}
