using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sharing;

/// <summary>A server and the stand-in for GitHub that it asks, for all tests of a class.</summary>
public sealed class SharingLoginFixture : IAsyncLifetime
{
    internal SharingTestHost Host { get; private set; } = null!;

    internal GitHubStandIn GitHub { get; private set; } = null!;

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        GitHub = await GitHubStandIn.StartAsync();
        Host = await SharingTestHost.StartAsync(GitHub.Settings);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await GitHub.DisposeAsync();
    }
}
