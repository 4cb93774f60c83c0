using System.Collections.Concurrent;

namespace PeerSync.Host.Metrics;

/// <summary>What is counted for one feature.</summary>
/// <remarks>
/// Thread-safe. The members are plain numbers that the instruments of <see cref="PeerSyncMetrics"/> read when they are asked, because a call
/// through an instrument for every message costs more than the counting.
/// </remarks>
internal sealed class FeatureMetrics
{
    private readonly ConcurrentDictionary<string, Level> _connections = new(StringComparer.Ordinal);
    private readonly LabeledCounters<string> _refused = new();
    private readonly LabeledCounters<int> _closed = new();

    /// <summary>Connections that were let in.</summary>
    public StripedCounter ConnectionsAccepted { get; } = new();

    /// <summary>Messages that clients sent.</summary>
    public StripedCounter MessagesReceived { get; } = new();

    /// <summary>Messages written to clients.</summary>
    public StripedCounter MessagesSent { get; } = new();

    /// <summary>Payload bytes that clients sent.</summary>
    public StripedCounter BytesReceived { get; } = new();

    /// <summary>Payload bytes written to clients.</summary>
    public StripedCounter BytesSent { get; } = new();

    /// <summary>Connections cut because their client read too slowly.</summary>
    public StripedCounter SlowConsumers { get; } = new();

    internal IEnumerable<KeyValuePair<string, Level>> ConnectionStates => _connections;

    internal IEnumerable<KeyValuePair<string, long>> RefusedByReason => _refused.Read();

    internal IEnumerable<KeyValuePair<string, long>> ClosedByCode => _closed.Read();

    /// <summary>The open connections in one state; callers keep the object.</summary>
    /// <param name="state">One of a few fixed names, for example <c>authenticated</c>.</param>
    public Level Connections(string state) => _connections.GetOrAdd(state, static _ => new Level());

    /// <summary>A connection was not let in.</summary>
    /// <param name="reason">One of a few fixed names, for example <c>origin</c>.</param>
    public void ConnectionRefused(string reason) => _refused[reason].Increment();

    /// <summary>A connection ended.</summary>
    /// <param name="code">The WebSocket close code, whoever sent it.</param>
    public void ConnectionClosed(int code) => _closed[code].Increment();
}
