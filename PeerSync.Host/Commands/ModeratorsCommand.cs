using PeerSync.Host.Admin;
using PeerSync.Host.Calls;
using PeerSync.Host.Configuration;
using PeerSync.Host.Identity;

namespace PeerSync.Host.Commands;

/// <summary><c>peersync moderators</c>: appoints moderators of calls at a running node, and makes tokens for them.</summary>
internal static class ModeratorsCommand
{
    internal static Task<int> ListAsync(PeerSyncConfiguration configuration, TextWriter output, TextWriter error, CancellationToken cancellationToken) =>
        AskAsync(configuration, error, async client =>
        {
            var answer = await client.GetAsync(CallsAdminEndpoints.Path, AdminJson.Default.ModeratorsAnswer, cancellationToken);
            await output.WriteLineAsync($"{"ROLE",-10} {"BY",-10} DEVICE");
            foreach (var moderator in answer.Moderators)
            {
                await output.WriteLineAsync($"{moderator.Role,-10} {moderator.By,-10} {moderator.DeviceId}");
            }
        });

    internal static Task<int> AppointAsync(
        PeerSyncConfiguration configuration, string device, string role, TextWriter output, TextWriter error, CancellationToken cancellationToken) =>
        AskAsync(configuration, error, async client =>
        {
            var answer = await client.PostAsync(
                CallsAdminEndpoints.Path,
                new Dictionary<string, string> { ["deviceId"] = device, ["role"] = role },
                AdminJson.Default.ModeratorAnswer,
                cancellationToken);
            await output.WriteLineAsync($"{answer.DeviceId} is {answer.Role}.");
        });

    internal static async Task<int> IssueAsync(
        PeerSyncConfiguration configuration, string device, string? expires, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        var fields = new Dictionary<string, string> { ["deviceId"] = device };
        if (expires is not null)
        {
            if (!TokenLifetime.TryParse(expires, out var lifetime))
            {
                await error.WriteLineAsync($"'{expires}' is not a lifetime; write for example 30m, 1h or 7d.");
                return ExitCode.Failed;
            }

            fields["lifetimeSeconds"] = ((long)lifetime.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return await AskAsync(configuration, error, async client =>
        {
            var answer = await client.PostAsync(CallsAdminEndpoints.Path + "/token", fields, AdminJson.Default.ModeratorTokenAnswer, cancellationToken);
            await output.WriteLineAsync(answer.AccessToken);
        });
    }

    private static async Task<int> AskAsync(PeerSyncConfiguration configuration, TextWriter error, Func<AdminClient, Task> ask)
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
            await ask(client);
            return ExitCode.Ok;
        }
        catch (HttpRequestException exception)
        {
            await error.WriteLineAsync($"The node cannot be asked: {exception.Message}");
            return ExitCode.Failed;
        }
    }
}
