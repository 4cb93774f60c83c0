using PeerSync.Host.Configuration;
using PeerSync.Host.Http;
using PeerSync.Host.Identity;
using PeerSync.Host.Metrics;
using PeerSync.Host.Peers;
using PeerSync.Host.Sockets;
using PeerSync.Host.Sync;
using PeerSync.Storage;

namespace PeerSync.Host.Serving;

/// <summary>From the configuration's sections to the options of the parts, which know nothing of the configuration.</summary>
internal static class OptionsMapping
{
    internal static IdentityOptions Identity(PeerSyncOptions options) => new()
    {
        Production = options.IsProduction,
        DataFolder = options.DataDirectory,
        ClockSkew = options.Identity.ClockSkew,
        Supabase = new SupabaseIssuerOptions
        {
            Url = options.Identity.Supabase.Url,
            JwtSecret = options.Identity.Supabase.JwtSecret.Value,
            KeySet = new JsonWebKeySetOptions
            {
                Lifetime = options.Identity.Supabase.JwksCache,
                RequestTimeout = options.Identity.Supabase.JwksTimeout,
                MinimumRefreshInterval = options.Identity.Supabase.JwksRefreshInterval,
            },
        },
        Local = new LocalIssuerOptions
        {
            PublicKey = options.Identity.Jwt.PublicKey,
            PrivateKey = options.Identity.Jwt.PrivateKey.Value,
            PublicKeyPath = options.Identity.Jwt.PublicKeyPath,
            PrivateKeyPath = options.Identity.Jwt.PrivateKeyPath,
            Issuer = options.Identity.Jwt.Issuer,
            Audience = options.Identity.Jwt.Audience,
            TokenLifetime = options.Identity.Jwt.Expiration,
        },
    };

    internal static StorageOptions Storage(PeerSyncOptions options) => new()
    {
        DataFolder = options.DataDirectory,
        DatabaseUrl = options.Storage.DatabaseUrl.IsEmpty ? null : options.Storage.DatabaseUrl.Value,
        CommandTimeout = options.Storage.CommandTimeout,
        MaxPoolSize = options.Storage.PoolSize,
        JournalTimeout = options.Storage.Journal.WriteTimeout,
        JournalQueueEvents = options.Storage.Journal.MaxQueuedEvents,
        JournalQueueBytes = options.Storage.Journal.MaxQueuedBytes,
        JournalGroupEvents = options.Storage.Journal.MaxGroupEvents,
        JournalGroupBytes = options.Storage.Journal.MaxGroupBytes,
    };

    internal static SocketOptions Sockets(PeerSyncOptions options) => new()
    {
        MaxMessageSize = options.WebSocket.MaxMessageSize,
        AuthenticationTimeout = options.WebSocket.AuthTimeout,
        HeartbeatInterval = options.WebSocket.HeartbeatInterval,
        CloseTimeout = options.WebSocket.CloseTimeout,
        InFlightMessages = options.WebSocket.InFlightMessages,
        OutboundMessages = options.WebSocket.Outbound.MaxMessages,
        OutboundBytes = options.WebSocket.Outbound.MaxBytes,
        OutboundStallTimeout = options.WebSocket.Outbound.StallTimeout,
        MessageBurst = options.RateLimits.MessagesPerConnection.Burst,
        MessagesPerSecond = options.RateLimits.Enabled ? PerSecond(options.RateLimits.MessagesPerConnection) : 0,
    };

    internal static AddressLimits Addresses(PeerSyncOptions options) => new(
        options.RateLimits.Enabled,
        options.RateLimits.ConnectionsPerAddress.Burst,
        options.RateLimits.ConnectionsPerAddress.Period / options.RateLimits.ConnectionsPerAddress.Tokens,
        options.RateLimits.OpenConnectionsPerAddress);

    internal static Actors.Peers.PeersSettings Peers(PeerSyncOptions options) => new()
    {
        RequestTimeout = options.Peers.RequestTimeout,
        SessionAbsence = options.Peers.SessionAbsence,
        SharePresenceWithoutNetwork = options.Peers.SharePresenceWithoutNetwork,
        ExpiryGrace = options.Identity.ExpiryGrace,
        MaxOpenRequestsPerPair = options.Peers.MaxOpenRequestsPerPair,
        MaxOpenRequests = options.Peers.MaxOpenRequests,
        MaxSessionsPerUser = options.Peers.MaxSessionsPerUser,
        MaxDisplayName = options.Peers.MaxDisplayName,
    };

    internal static PeerSyncHttpOptions Http(PeerSyncOptions options) => new()
    {
        Cors = new CorsPolicyOptions(options.IsProduction, options.Cors.Origins),
        TrustedProxies = options.TrustedProxies,
        RateLimit = new HttpRateLimitOptions
        {
            Enabled = options.RateLimits.Enabled,
            Burst = options.RateLimits.HttpRequestsPerAddress.Burst,
            PerMinute = PerMinute(options.RateLimits.HttpRequestsPerAddress),
        },
    };

    internal static JoinLimitOptions Joins(PeerSyncOptions options) => new()
    {
        Enabled = options.RateLimits.Enabled,
        PerIdentity = options.RateLimits.JoinAttemptsPerIdentity.Burst,
        PerIdentityAndMinute = PerMinute(options.RateLimits.JoinAttemptsPerIdentity),
        PerAddress = options.RateLimits.JoinAttemptsPerAddress.Burst,
        PerAddressAndMinute = PerMinute(options.RateLimits.JoinAttemptsPerAddress),
    };

    internal static SyncHttpOptions Sync(PeerSyncOptions options) => new()
    {
        Production = options.IsProduction,
        Cors = new CorsPolicyOptions(options.IsProduction, options.Cors.Origins),
        CorsCredentials = options.Sync.CorsCredentials,
        LimitsEnabled = options.RateLimits.Enabled,
        RequestWindow = options.Sync.RestLimit.Window,
        MaxRequests = options.Sync.RestLimit.MaxRequests,
        LookupWindow = options.Sync.FailedLookups.Window,
        FailedLookupsPerAddress = options.Sync.FailedLookups.PerAddress,
        FailedLookupsInAll = options.Sync.FailedLookups.InAll,
        SessionMemory = options.Sync.SessionMemory,
        AdminKey = options.Sync.AdminKey.Value,
        Build = new SyncBuild(
            NullIfEmpty(options.Sync.Build.Version) ?? ServerVersion.Text,
            NullIfEmpty(options.Sync.Build.Commit),
            NullIfEmpty(options.Sync.Build.Branch),
            NullIfEmpty(options.Sync.Build.Time)),
    };

    internal static TelemetryOptions Telemetry(PeerSyncOptions options) => new()
    {
        ServiceName = options.Telemetry.ServiceName,
        OtlpEndpoint = options.Telemetry.OtlpEndpoint,
    };

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private static int PerMinute(TokenBucketSettings bucket) => Math.Max(1, (int)Math.Round(bucket.Tokens / bucket.Period.TotalMinutes));

    private static int PerSecond(TokenBucketSettings bucket) => Math.Max(1, (int)Math.Round(bucket.Tokens / bucket.Period.TotalSeconds));
}
