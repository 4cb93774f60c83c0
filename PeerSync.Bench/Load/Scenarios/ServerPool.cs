using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Load.Scenarios;

/// <summary>
/// The servers of one scenario, each a process of its own. Each is started when its first turn comes and stays, idle, while others
/// have theirs, so that later rounds measure warm code.
/// </summary>
internal sealed class ServerPool : IAsyncDisposable
{
    private readonly Dictionary<ITarget, ServerProcess> _servers = [];

    /// <summary>The target's server; one that has ended by itself is replaced.</summary>
    /// <returns>The server, and whether it has just been started.</returns>
    public async Task<(ServerProcess Server, bool IsNew)> GetAsync(ITarget target, CancellationToken cancellationToken)
    {
        if (_servers.Remove(target, out var running))
        {
            if (!running.HasExited)
            {
                _servers.Add(target, running);
                return (running, false);
            }

            await running.DisposeAsync();
        }

        var server = await target.StartAsync(cancellationToken);
        _servers.Add(target, server);
        return (server, true);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values)
        {
            await server.DisposeAsync();
        }
    }
}
