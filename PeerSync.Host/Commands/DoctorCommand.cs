using System.Globalization;
using PeerSync.Host.Admin;
using PeerSync.Host.Configuration;
using PeerSync.Protocol.Cryptography;

namespace PeerSync.Host.Commands;

/// <summary><c>peersync doctor</c>: looks at what most often goes wrong, one line each.</summary>
internal static class DoctorCommand
{
    internal static async Task<int> RunAsync(PeerSyncConfiguration configuration, TextWriter output, CancellationToken cancellationToken)
    {
        var healthy = true;
        async Task Say(bool ok, string text)
        {
            healthy &= ok;
            await output.WriteLineAsync($"{(ok ? "ok     " : "FAILED ")} {text}");
        }

        if (configuration.Options is not { } options)
        {
            await Say(false, "configuration");
            Report.Faults(configuration, output);
            return ExitCode.Failed;
        }

        await Say(true, "configuration");
        await Say(CanWrite(options.DataDirectory, out var fault), $"data folder {Path.GetFullPath(options.DataDirectory)}{fault}");
        await Say(Ed25519.IsSupported, "Ed25519 from OpenSSL's libcrypto");

        using var client = AdminClient.For(options);
        if (client is null)
        {
            await Say(true, "no admin listener is configured, so no node was asked");
            return healthy ? ExitCode.Ok : ExitCode.Failed;
        }

        try
        {
            var status = await client.GetAsync("/admin/status", AdminJson.Default.StatusAnswer, cancellationToken);
            await Say(true, string.Create(
                CultureInfo.InvariantCulture,
                $"node {status.Version} ({status.Environment}), up {TimeSpan.FromSeconds(status.UptimeSeconds):c}, {status.Connections} connections, "
                + $"{status.PeersOnline} peers, {status.SessionsOpen} sessions"));
            await Say(true, $"storage {status.Storage}");
            foreach (var (name, outcome) in status.Checks)
            {
                await Say(outcome == "ok", $"check {name}");
            }
        }
        catch (HttpRequestException exception)
        {
            await Say(false, $"node at {AdminClient.ToLocalUri(options.Admin.Endpoint!)}: {exception.Message}");
        }

        return healthy ? ExitCode.Ok : ExitCode.Failed;
    }

    private static bool CanWrite(string folder, out string fault)
    {
        fault = string.Empty;
        try
        {
            Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, $".doctor-{Guid.NewGuid():N}");
            File.WriteAllBytes(probe, [1]);
            File.Delete(probe);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            fault = $": {exception.Message}";
            return false;
        }
    }
}
