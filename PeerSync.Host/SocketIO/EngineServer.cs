using System.Collections.Concurrent;
using PeerSync.Actors.Connections;
using PeerSync.Actors.SocketIO;
using PeerSync.Host.Metrics;
using PeerSync.Host.Sockets;
using PeerSync.Kernel;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.SocketIO;
using PeerSync.Protocol.WebSockets;

namespace PeerSync.Host.SocketIO;

/// <summary>The sessions of one Engine.IO path: their table, their clock, and the WebSockets that open or carry them.</summary>
/// <remarks>Thread-safe. One timer serves all sessions; a session costs no task and no timer of its own.</remarks>
internal sealed partial class EngineServer : IRequestDialect, IDisposable
{
    private const string UsualQuery = "EIO=4&transport=websocket";

    private static readonly TimeSpan LongestTick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestTick = TimeSpan.FromMilliseconds(10);

    private readonly ConcurrentDictionary<EngineSessionId, EngineSession> _sessions = new();
    private readonly MessageBuffer _ping = MessageBuffer.Copy(EngineWriter.Ping);
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly long _start;

    internal EngineServer(EngineOptions options, IEngineApplication application, PeerSyncMetrics metrics, TimeProvider time, ILogger<EngineServer> logger)
    {
        Options = options;
        Application = application;
        Metrics = metrics.Feature(options.Feature);
        Time = time;
        _logger = logger;
        _start = time.GetTimestamp();
        PingInterval = (long)options.PingInterval.TotalMilliseconds;
        PingTimeout = (long)options.PingTimeout.TotalMilliseconds;
        Paths = [options.Path, options.Path.TrimEnd('/')];
        Limits = new DialectLimits
        {
            MaxMessageSize = options.MaxPayload,
            AuthenticationTimeout = options.PingInterval + options.PingTimeout,
            MessagesPerSecond = options.MessagesPerSecond,
            MessageBurst = options.MessageBurst,
        };

        // Precise enough for the shorter of the two times, and no more often than once a second where they are the usual ones.
        var tick = TimeSpan.FromMilliseconds(Math.Min(PingInterval, PingTimeout) / 20);
        tick = tick < ShortestTick ? ShortestTick : tick > LongestTick ? LongestTick : tick;
        _timer = time.CreateTimer(static state => ((EngineServer)state!).Tick(), this, tick, tick);
    }

    internal EngineOptions Options { get; }

    internal IEngineApplication Application { get; }

    internal FeatureMetrics Metrics { get; }

    internal TimeProvider Time { get; }

    internal long PingInterval { get; }

    internal long PingTimeout { get; }

    /// <summary>Milliseconds since the start.</summary>
    internal long Now => (long)Time.GetElapsedTime(_start).TotalMilliseconds;

    /// <summary>How many sessions there are.</summary>
    internal int Count => _sessions.Count;

    /// <inheritdoc />
    public string Feature => Options.Feature;

    /// <inheritdoc />
    public IReadOnlyList<string> Paths { get; }

    /// <inheritdoc />
    public DialectLimits? Limits { get; }

    /// <inheritdoc />
    public void Dispose()
    {
        _timer.Dispose();
        CloseAll();
    }

    /// <inheritdoc />
    public bool Recognizes(ReadOnlySpan<byte> firstMessage) => true;

    /// <inheritdoc />
    public Props CreateActor(IConnection connection) => throw new NotSupportedException("An Engine.IO connection has a receiver.");

    /// <inheritdoc />
    public UpgradeRefusal? Check(WebSocketUpgrade request)
    {
        if (Verify(EngineQuery.Parse(request.Query), HttpMethods.Get, isUpgrade: true, out _) is { } error)
        {
            return Refusal(error);
        }

        // The browser lets no page read answers of foreign origins; with WebSockets it is the server that has to look.
        var isForeign = request.Origin is { } origin && Options.Cors.Origins.Count > 0 && !Options.Cors.Allows(origin);
        return isForeign ? Refusal(EngineErrorCode.Forbidden) : null;
    }

    /// <inheritdoc />
    public ISocketReceiver Open(IConnection connection, WebSocketUpgrade request)
    {
        if (EngineQuery.Parse(request.Query).Session is { } id)
        {
            if (_sessions.TryGetValue(id, out var existing))
            {
                existing.BeginUpgrade(connection);
                return existing;
            }

            // It has ended since it was looked for.
            connection.Close(WebSocketCloseCode.NoStatusReceived, string.Empty);
            return DiscardingReceiver.Instance;
        }

        var handshake = new SocketIOHandshake(Share(request.Query.TrimStart('?')), request.Authorization, request.Origin);
        var session = new EngineSession(this, EngineSessionId.Create(), handshake, connection.AddressTag);
        session.Open(connection);
        return session;
    }

    /// <summary>Opens a session that polls.</summary>
    internal EngineSession OpenPolling(SocketIOHandshake handshake, string addressTag, Action giveBack)
    {
        var session = new EngineSession(this, EngineSessionId.Create(), handshake, addressTag);
        session.Open(new PollingTransport(Options, Metrics, giveBack));
        return session;
    }

    /// <summary>Judges a request.</summary>
    /// <param name="query">Its query.</param>
    /// <param name="method">Its method.</param>
    /// <param name="isUpgrade">Whether it asks for a WebSocket.</param>
    /// <param name="session">The session that it belongs to; null where it shall open one.</param>
    /// <returns>Why it is refused, or null.</returns>
    internal EngineErrorCode? Verify(in EngineQuery query, string method, bool isUpgrade, out EngineSession? session)
    {
        session = null;
        if (query.Transport == EngineTransport.Unknown)
        {
            return EngineErrorCode.TransportUnknown;
        }

        if (query.Session is { } id)
        {
            if (!_sessions.TryGetValue(id, out session) || session.HasExpired())
            {
                return EngineErrorCode.SessionUnknown;
            }

            // A WebSocket for a session that has one already is let in and closed, which its client takes as the refusal of an upgrade.
            var fits = isUpgrade ? query.Transport == EngineTransport.WebSocket : query.Transport == session.Transport && session.Transport == EngineTransport.Polling;
            return fits ? null : EngineErrorCode.BadRequest;
        }

        if (!HttpMethods.IsGet(method))
        {
            return EngineErrorCode.BadHandshakeMethod;
        }

        if (isUpgrade != (query.Transport == EngineTransport.WebSocket))
        {
            return EngineErrorCode.BadRequest;
        }

        return query.IsVersion4 ? null : EngineErrorCode.UnsupportedVersion;
    }

    /// <summary>An open session, or null.</summary>
    internal EngineSession? Find(string id) => EngineSessionId.TryParse(id, out var key) && _sessions.TryGetValue(key, out var session) ? session : null;

    /// <summary>A ping, with one reference for whoever sends it.</summary>
    internal MessageBuffer RentPing()
    {
        _ping.Retain();
        return _ping;
    }

    /// <summary>Called by a session once it is open.</summary>
    internal void Add(EngineSession session) => _sessions[session.Id] = session;

    /// <summary>Called by a session at its end, once.</summary>
    internal void Remove(EngineSession session, SocketIODisconnectReason reason)
    {
        _sessions.TryRemove(session.Id, out _);
        Log.Closed(_logger, reason);
    }

    /// <summary>Ends all sessions that poll: the server stops. WebSockets are told by <see cref="SocketServer.DrainAsync"/>.</summary>
    internal void CloseAll()
    {
        foreach (var (_, session) in _sessions)
        {
            if (session.Transport == EngineTransport.Polling)
            {
                session.End(SocketIODisconnectReason.ServerClosed);
            }
        }
    }

    // Nearly all clients send the same, and it is kept as long as the socket lives.
    private static string Share(string query) => query == UsualQuery ? UsualQuery : query;

    private static UpgradeRefusal Refusal(EngineErrorCode error) => new(
        error == EngineErrorCode.Forbidden ? StatusCodes.Status403Forbidden : StatusCodes.Status400BadRequest,
        System.Text.Encoding.ASCII.GetString(EngineError.Message(error)));

    private void Tick()
    {
        var now = Now;
        foreach (var (_, session) in _sessions)
        {
            session.Tick(now);
        }
    }

    /// <summary>For a connection that is closed already.</summary>
    private sealed class DiscardingReceiver : ISocketReceiver
    {
        internal static DiscardingReceiver Instance { get; } = new();

        public void OnMessage(IConnection connection, MessageBuffer message, bool isText)
        {
            message.Release();
            connection.ReturnCredit();
        }

        public void OnClosed(IConnection connection)
        {
        }
    }
}
