using PeerSync.Host.Health;
using PeerSync.Host.Sockets;

namespace PeerSync.Host.Serving;

/// <summary>Empties the server before the HTTP server closes: readiness off, nobody new, everybody told to come back, a deadline for all of it.</summary>
internal sealed class DrainService(SocketServer sockets, ReadinessProbe readiness, DrainOptions options, TimeProvider time) : IHostedLifecycleService
{
    /// <inheritdoc />
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

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
        await sockets.DrainAsync(options.Spread, both.Token);
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>How a server empties.</summary>
/// <param name="Timeout">After this, what is still open is cut.</param>
/// <param name="Spread">Over this, the close frames are spread.</param>
internal sealed record DrainOptions(TimeSpan Timeout, TimeSpan Spread);
