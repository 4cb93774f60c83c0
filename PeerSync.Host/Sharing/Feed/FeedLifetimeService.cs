using PeerSync.Actors.Sharing;
using PeerSync.Host.Health;
using PeerSync.Host.Serving;
using PeerSync.Kernel;

namespace PeerSync.Host.Sharing.Feed;

/// <summary>
/// Lets nobody listen before the feed knows where it begins, and ends the feed's connections before the HTTP server closes, which would otherwise wait for them.
/// </summary>
internal sealed class FeedLifetimeService(
    SharingFeedHub hub, FeedConnections connections, ReadinessProbe readiness, DrainOptions options, TimeProvider time) : IHostedLifecycleService
{
    /// <inheritdoc />
    public Task StartingAsync(CancellationToken cancellationToken) => hub.Actor.Ask<FeedState>(AwaitFeedStart.Instance, cancellationToken);

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        readiness.Draining = true;
        using var deadline = new CancellationTokenSource(options.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        await connections.DrainAsync(options.Spread, time, both.Token);
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
