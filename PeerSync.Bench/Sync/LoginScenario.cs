using System.Globalization;
using PeerSync.Bench.Load.Measurement;
using PeerSync.Bench.Load.Reporting;

namespace PeerSync.Bench.Sync;

/// <summary>How fast devices get in: connect, upgrade, and the signed handshake; users whom the server has never seen, and the same ones again.</summary>
internal sealed class LoginScenario : ISyncScenario
{
    private readonly List<Sample> _samples = [];

    public async Task RunAsync(SyncRun run)
    {
        await using var server = await SyncServer.StartAsync(run.Options, run.Cancellation);
        for (var round = 0; round <= run.Options.Rounds; round++)
        {
            var users = IdleDevices.Create(run.Options.Logins);
            foreach (var isNew in new[] { true, false })
            {
                var start = UsageSample.Take(server.Process.Id);
                var open = await IdleDevices.OpenAsync(run, server.Process, users, run.Options.Concurrency);
                var usage = start.Until(UsageSample.Take(server.Process.Id));
                await run.CloseAsync(open);
                if (round > 0)
                {
                    _samples.Add(new Sample(isNew, usage));
                    run.Measured.Add(usage);
                    run.Progress(string.Create(
                        CultureInfo.InvariantCulture,
                        $"logins round {round}, {(isNew ? "new" : "known")}: {run.Options.Logins / usage.Seconds:N0}/s, {usage.ServerCpu / run.Options.Logins * 1e6:N0} µs server CPU each"));
                }
            }
        }
    }

    public string Report(SyncRun run)
    {
        var table = new MarkdownTable("Users", "Logins/s", "Server CPU µs per login", "Client CPU s per s");
        foreach (var samples in _samples.GroupBy(sample => sample.IsNew))
        {
            table.Add(
                samples.Key ? "never seen before" : "known",
                RangeOf.Of(samples.Select(sample => run.Options.Logins / sample.Usage.Seconds)).ToString("N0"),
                RangeOf.Of(samples.Select(sample => sample.Usage.ServerCpu / run.Options.Logins * 1e6)).ToString("N0"),
                ClientLoad.Describe(1, samples.Select(sample => sample.Usage)));
        }

        return table.ToString(string.Create(
            CultureInfo.InvariantCulture, $"Login handshakes: {run.Options.Logins:N0} a round, {run.Options.Concurrency} at a time, {run.Options.Rounds} rounds"));
    }

    private sealed record Sample(bool IsNew, Usage Usage);
}
