namespace PeerSync.Host.Sockets;

/// <summary>All open connections, in shards, so that opening, closing and the tick do not meet at one lock.</summary>
internal sealed class ConnectionTable
{
    private const int ShardCount = 16;

    private readonly Shard[] _shards = [.. Enumerable.Range(0, ShardCount).Select(_ => new Shard())];
    private int _count;
    private TaskCompletionSource? _empty;

    /// <summary>How many connections are open.</summary>
    internal int Count => Volatile.Read(ref _count);

    internal void Add(WebSocketConnection connection)
    {
        Interlocked.Increment(ref _count);
        var shard = ShardOf(connection);
        lock (shard.Gate)
        {
            connection.TableIndex = shard.Connections.Count;
            shard.Connections.Add(connection);
        }
    }

    internal void Remove(WebSocketConnection connection)
    {
        var shard = ShardOf(connection);
        lock (shard.Gate)
        {
            var last = shard.Connections[^1];
            shard.Connections[connection.TableIndex] = last;
            last.TableIndex = connection.TableIndex;
            shard.Connections.RemoveAt(shard.Connections.Count - 1);
            connection.TableIndex = -1;
        }

        if (Interlocked.Decrement(ref _count) == 0)
        {
            Volatile.Read(ref _empty)?.TrySetResult();
        }
    }

    /// <summary>Shows every connection to <paramref name="visit"/>, which must not wait: a shard's lock is held.</summary>
    internal void ForEach<TState>(TState state, Action<WebSocketConnection, TState> visit)
    {
        foreach (var shard in _shards)
        {
            lock (shard.Gate)
            {
                foreach (var connection in shard.Connections)
                {
                    visit(connection, state);
                }
            }
        }
    }

    /// <summary>A copy of the table, for work that takes time.</summary>
    internal List<WebSocketConnection> Snapshot()
    {
        var connections = new List<WebSocketConnection>(Count);
        ForEach(connections, static (connection, list) => list.Add(connection));
        return connections;
    }

    /// <summary>Completes once no connection is open. For shutdown: asked once, when no new ones are let in.</summary>
    internal Task WhenEmptyAsync()
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _empty, source);
        if (Count == 0)
        {
            source.TrySetResult();
        }

        return source.Task;
    }

    private Shard ShardOf(WebSocketConnection connection) => _shards[connection.Number % ShardCount];

    private sealed class Shard
    {
        internal Lock Gate { get; } = new();

        internal List<WebSocketConnection> Connections { get; } = [];
    }
}
