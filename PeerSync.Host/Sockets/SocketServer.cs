using System.Collections.Concurrent;
using PeerSync.Host.Configuration;
using PeerSync.Host.Metrics;
using PeerSync.Kernel;
using PeerSync.Protocol.WebSockets;

namespace PeerSync.Host.Sockets;

/// <summary>What all WebSocket connections share: the table, the clock, the dialects, the limits. Runs one connection from its upgrade to its end.</summary>
internal sealed partial class SocketServer : IDisposable
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, ISocketDialect[]> _dialects;
    private readonly ConcurrentDictionary<(string Path, ServerFeatures Features), ISocketDialect[]> _served = new();
    private readonly AddressLimits _limits;
    private readonly HashSet<string> _origins;
    private readonly ITimer _timer;
    private long _lastNumber;
    private long _ticks;
    private volatile bool _draining;

    internal SocketServer(
        SocketOptions options,
        IEnumerable<string> allowedOrigins,
        IEnumerable<ISocketDialect> dialects,
        AddressLimits limits,
        PeerSyncMetrics metrics,
        ActorSystem system,
        TimeProvider time,
        ILogger<SocketServer> logger)
    {
        Options = options;
        System = system;
        Time = time;
        Logger = logger;
        _limits = limits;
        Metrics = metrics;
        _origins = allowedOrigins.ToHashSet(StringComparer.OrdinalIgnoreCase);
        _dialects = dialects.SelectMany(dialect => dialect.Paths, (dialect, path) => (path, dialect))
            .GroupBy(entry => entry.path, entry => entry.dialect, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
        HeartbeatTicks = ToTicks(options.HeartbeatInterval);
        StallTicks = ToTicks(options.OutboundStallTimeout);
        TicksPerMessage = options.MessagesPerSecond <= 0 ? 0 : (double)time.TimestampFrequency / options.MessagesPerSecond;
        _timer = time.CreateTimer(static state => ((SocketServer)state!).Tick(), this, TickInterval, TickInterval);
    }

    /// <summary>The paths on which some feature speaks WebSocket.</summary>
    internal IReadOnlyCollection<string> Paths => _dialects.Keys;

    internal SocketOptions Options { get; }

    internal ActorSystem System { get; }

    internal TimeProvider Time { get; }

    internal ILogger<SocketServer> Logger { get; }

    internal ConnectionTable Connections { get; } = new();

    /// <summary>Connections that have not sent their first request.</summary>
    internal PendingConnections Pending { get; } = new();

    internal PeerSyncMetrics Metrics { get; }

    /// <summary>Seconds since the start, counted by the one timer.</summary>
    internal long Ticks => Volatile.Read(ref _ticks);

    internal int HeartbeatTicks { get; }

    internal int StallTicks { get; }

    /// <summary>Time stamp units per message of a connection's budget; 0 where there is no limit.</summary>
    internal double TicksPerMessage { get; }

    /// <summary>Whether new connections are refused because the server stops.</summary>
    internal bool IsDraining => _draining;

    /// <inheritdoc />
    public void Dispose() => _timer.Dispose();

    /// <summary>A duration in whole ticks, at least one.</summary>
    internal static int ToTicks(TimeSpan duration) => (int)Math.Clamp(Math.Ceiling(duration / TickInterval), 1, int.MaxValue / 2);

    /// <summary>Decides whether an upgrade is let in; where it is, the caller must run the connection, which gives the address's place back at its end.</summary>
    /// <param name="path">The request's path.</param>
    /// <param name="origin">The <c>Origin</c> header; clients that are no browsers send none.</param>
    /// <param name="addressTag">The client's hashed address.</param>
    internal UpgradeDecision Admit(string path, string? origin, string addressTag)
    {
        if (!_dialects.ContainsKey(path))
        {
            return UpgradeDecision.UnknownPath;
        }

        if (_draining)
        {
            return UpgradeDecision.Draining;
        }

        if (origin is not null && _origins.Count > 0 && !_origins.Contains(origin))
        {
            return UpgradeDecision.ForbiddenOrigin;
        }

        return _limits.TryOpen(addressTag) ? UpgradeDecision.Admitted : UpgradeDecision.RateLimited;
    }

    /// <summary>Counts an upgrade that was refused; by whoever tells the client, because a refusal may be decided twice.</summary>
    internal void CountRefusal(string path, string reason) => Metrics.Feature(_dialects[path][0].Feature).ConnectionRefused(reason);

    /// <summary>Gives back the place of a connection that was admitted and then could not be run.</summary>
    internal void GiveBack(string addressTag) => _limits.Close(addressTag);

    /// <summary>Whether a path is spoken on by a listener at all.</summary>
    /// <param name="path">The request's path.</param>
    /// <param name="features">What the listener serves.</param>
    internal bool Knows(string path, ServerFeatures features = ServerFeatures.All) => _dialects.ContainsKey(path) && DialectsOf(path, features).Length > 0;

    /// <summary>Why the dialect that a request chooses refuses it; null where it does not, and where only the first message will choose.</summary>
    /// <param name="request">An upgrade for a path that is known.</param>
    /// <param name="features">What the listener serves.</param>
    internal UpgradeRefusal? Refusal(WebSocketUpgrade request, ServerFeatures features) =>
        DialectsOf(request.Path, features) is [IRequestDialect dialect] ? dialect.Check(request) : null;

    /// <summary>Runs an admitted connection to its end. Never throws.</summary>
    /// <param name="transport">The connection.</param>
    /// <param name="request">The upgrade, for a path that is known.</param>
    /// <param name="addressTag">The client's hashed address.</param>
    /// <param name="features">What the listener serves.</param>
    internal async Task RunAsync(ISocketTransport transport, WebSocketUpgrade request, string addressTag, ServerFeatures features = ServerFeatures.All)
    {
        var dialects = DialectsOf(request.Path, features);
        var connection = new WebSocketConnection(this, transport, dialects, Interlocked.Increment(ref _lastNumber), addressTag);
        Connections.Add(connection);
        Log.Opened(Logger, connection.Id.Value);
        if (_draining)
        {
            connection.Close(WebSocketCloseCode.GoingAway, SocketCloseReasons.GoingAway);
        }

        if (dialects is [IRequestDialect dialect])
        {
            connection.Open(dialect, request);
        }

        await connection.RunAsync();
    }

    /// <summary>Called by a connection at its end, once.</summary>
    internal void Remove(WebSocketConnection connection, int closeCode)
    {
        Connections.Remove(connection);
        _limits.Close(connection.AddressTag);
        Log.Closed(Logger, connection.Id.Value, closeCode);
    }

    /// <summary>Lets nobody in any more and tells every client to come back, spread over a while so that they do not all come back at once.</summary>
    /// <param name="spread">Over how long the close frames are spread.</param>
    /// <param name="cancellationToken">Ends the wait: what is still open then is cut.</param>
    internal async Task DrainAsync(TimeSpan spread, CancellationToken cancellationToken)
    {
        const int Steps = 20;
        if (_draining)
        {
            // The host stops once when it is asked to and once more when it is disposed.
            return;
        }

        _draining = true;
        var connections = Connections.Snapshot();
        Log.Draining(Logger, connections.Count);
        try
        {
            var size = Math.Max(1, (connections.Count + Steps - 1) / Steps);
            foreach (var batch in connections.Chunk(size))
            {
                foreach (var connection in batch)
                {
                    connection.Close(WebSocketCloseCode.GoingAway, SocketCloseReasons.GoingAway);
                }

                if (connections.Count > size)
                {
                    await Task.Delay(spread / Steps, Time, cancellationToken);
                }
            }

            await Connections.WhenEmptyAsync().WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            foreach (var connection in Connections.Snapshot())
            {
                connection.Abort();
            }
        }
    }

    private ISocketDialect[] DialectsOf(string path, ServerFeatures features) => features == ServerFeatures.All
        ? _dialects[path]
        : _served.GetOrAdd((path, features), key => [.. _dialects[key.Path].Where(dialect => (dialect.ServedAs & key.Features) != 0)]);

    private void Tick()
    {
        var now = Interlocked.Increment(ref _ticks);
        Pending.Tick(now);
        Connections.ForEach(now, static (connection, tick) => connection.Tick(tick));
    }
}
