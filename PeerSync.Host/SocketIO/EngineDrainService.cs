using PeerSync.Host.Sockets;

namespace PeerSync.Host.SocketIO;

/// <summary>Ends the polling sessions before the HTTP server closes, which would otherwise wait for their polls.</summary>
internal sealed class EngineDrainService(IEnumerable<ISocketDialect> dialects) : IHostedLifecycleService
{
    /// <inheritdoc />
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        foreach (var engine in dialects.OfType<EngineServer>())
        {
            engine.CloseAll();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
