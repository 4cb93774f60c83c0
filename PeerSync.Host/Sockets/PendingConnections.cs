using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace PeerSync.Host.Sockets;

/// <summary>Connections that were accepted and have sent nothing yet. One that stays silent is cut, because no other timeout guards it there.</summary>
internal sealed class PendingConnections
{
    private const int TimeoutTicks = 30;

    private readonly ConcurrentDictionary<ConnectionContext, long> _deadlines = new();
    private long _now;

    /// <summary>Enters a connection until the result is disposed.</summary>
    internal Entry Enter(ConnectionContext connection)
    {
        _deadlines[connection] = Volatile.Read(ref _now) + TimeoutTicks;
        return new Entry(this, connection);
    }

    /// <summary>Called once a second.</summary>
    internal void Tick(long now)
    {
        Volatile.Write(ref _now, now);
        foreach (var (connection, deadline) in _deadlines)
        {
            if (now >= deadline)
            {
                connection.Abort();
            }
        }
    }

    /// <summary>A connection's place; disposing it twice is harmless.</summary>
    internal readonly struct Entry(PendingConnections owner, ConnectionContext connection) : IDisposable
    {
        /// <inheritdoc />
        public void Dispose() => owner._deadlines.TryRemove(connection, out _);
    }
}
