using System.Net;

namespace PeerSync.Host.Configuration;

/// <summary>
/// Everything that can be set. No member has a default here: every default stands in <c>hocon/peersync.conf</c>, with its reason.
/// </summary>
internal sealed record PeerSyncOptions
{
    /// <summary>development, test, staging or production.</summary>
    public required string Environment { get; init; }

    /// <summary>Whether the strict rules hold: no generated secrets, no reflected origins.</summary>
    public bool IsProduction => Environment == "production";

    /// <summary>Whether any listener serves a feature.</summary>
    public bool Serves(ServerFeatures feature) => Listeners.Any(listener => (listener.Features & feature) != 0);

    /// <summary>The one folder that the server writes to; a relative path is under the working directory.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Where the server listens: the entries of <c>listeners</c>, or one for each of <c>port</c> and <c>signaling-port</c>. Never empty.</summary>
    public required IReadOnlyList<ListenerSettings> Listeners { get; init; }

    public required AdminSettings Admin { get; init; }

    /// <summary>The proxies whose word about a client's address is believed.</summary>
    public required IReadOnlyList<IPNetwork> TrustedProxies { get; init; }

    public required CorsSettings Cors { get; init; }

    public required WebSocketSettings WebSocket { get; init; }

    public required RateLimitSettings RateLimits { get; init; }

    public required IdentitySettings Identity { get; init; }

    public required StorageSettings Storage { get; init; }

    public required PeersSettings Peers { get; init; }

    public required SyncSettings Sync { get; init; }

    public required RoomsSettings Rooms { get; init; }

    public required CallsSettings Calls { get; init; }

    public required SharingSettings Sharing { get; init; }

    public required TurnSettings Turn { get; init; }

    public required LoggingSettings Logging { get; init; }

    public required TelemetrySettings Telemetry { get; init; }

    public required ShutdownSettings Shutdown { get; init; }
}
