using PeerSync.Host.Configuration;

namespace PeerSync.Host.Commands;

/// <summary><c>peersync healthcheck</c>: what an image without curl asks its own server with.</summary>
internal static class HealthcheckCommand
{
    internal static async Task<int> RunAsync(PeerSyncConfiguration configuration, TextWriter error, CancellationToken cancellationToken)
    {
        if (configuration.Options is not { } options)
        {
            Report.Faults(configuration, error);
            return ExitCode.Failed;
        }

        // The certificate names the outside world's host, not loopback, and nothing secret is asked.
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };
        using var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(4) };
        try
        {
            using var response = await client.GetAsync(new Uri(AdminClient.ToLocalUri(options.Listeners[0].Endpoint), "/health/ready"), cancellationToken);
            return response.IsSuccessStatusCode ? ExitCode.Ok : ExitCode.Failed;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            await error.WriteLineAsync(exception.Message);
            return ExitCode.Failed;
        }
    }
}
