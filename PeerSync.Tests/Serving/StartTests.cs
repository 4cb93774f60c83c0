using Microsoft.Extensions.Logging;
using PeerSync.Host.Configuration;
using PeerSync.Host.Identity;
using PeerSync.Host.Serving;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Serving;

public sealed class StartTests
{
    [Fact]
    public async Task Production_without_keys_does_not_start_and_names_the_settings()
    {
        var folder = Directory.CreateTempSubdirectory("peersync-start-").FullName;
        try
        {
            var configuration = PeerSyncConfiguration.LoadText(
                $$"""peersync { environment = production, data-directory = "{{folder}}", port = 0, signaling-port = 0, admin.url = off }""",
                new Dictionary<string, string>());
            if (configuration.Options is not { } options)
            {
                // Found even before the start, which is as good.
                Assert.Contains(configuration.Faults, static fault => Names(fault.ToString()));
                return;
            }

            var exception = await Assert.ThrowsAsync<IdentityConfigurationException>(() => PeerSyncServer.StartAsync(
                options, TimeProvider.System, static builder => builder.SetMinimumLevel(LogLevel.None), PeerSyncTestHost.Cancel));
            Assert.True(Names(exception.Message), exception.Message);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool Names(string? text) =>
        text is not null && text.Contains("SUPABASE_URL", StringComparison.Ordinal) && text.Contains("JWT_PUBLIC_KEY", StringComparison.Ordinal);
}
