using System.Globalization;
using PeerSync.Host.Admin;
using PeerSync.Host.Configuration;

namespace PeerSync.Host.Commands;

/// <summary><c>peersync sessions</c>: lists a running node's connections.</summary>
internal static class SessionsCommand
{
    internal static async Task<int> RunAsync(
        PeerSyncConfiguration configuration, int limit, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        if (configuration.Options is not { } options)
        {
            Report.Faults(configuration, error);
            return ExitCode.Failed;
        }

        using var client = AdminClient.For(options);
        if (client is null)
        {
            await error.WriteLineAsync("The configuration has no admin listener (admin.url).");
            return ExitCode.Failed;
        }

        try
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"/admin/connections?limit={limit}");
            var answer = await client.GetAsync(path, AdminJson.Default.ConnectionsAnswer, cancellationToken);
            await PrintAsync(answer, output);
            return ExitCode.Ok;
        }
        catch (HttpRequestException exception)
        {
            await error.WriteLineAsync($"The node cannot be asked: {exception.Message}");
            return ExitCode.Failed;
        }
    }

    private static async Task PrintAsync(ConnectionsAnswer answer, TextWriter output)
    {
        await output.WriteLineAsync($"{"CONNECTION",-12} {"FEATURE",-8} {"AGE",8} {"QUEUED",8} {"BYTES",10}  USER");
        foreach (var c in answer.Connections)
        {
            var age = TimeSpan.FromSeconds(c.AgeSeconds).ToString("c", CultureInfo.InvariantCulture);
            await output.WriteLineAsync($"{c.Id,-12} {c.Feature ?? "-",-8} {age,8} {c.QueuedMessages,8} {c.QueuedBytes,10}  {c.User ?? "-"}");
        }

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{answer.Connections.Count} of {answer.Total} connections"));
    }
}
