using PeerSync.Actors.Sync;
using PeerSync.Host.Configuration;
using PeerSync.Host.Metrics;
using PeerSync.Host.Sockets;
using PeerSync.Kernel;
using PeerSync.Protocol.Sync;
using PeerSync.Storage;

namespace PeerSync.Host.Sync;

/// <summary>Puts the live side of the Sync feature together.</summary>
internal static class SyncComposition
{
    /// <summary>The Sync feature's records and snapshots, for the journal.</summary>
    internal static Serialization WithSync(this Serialization serialization) => serialization.With(new SyncSerializer(), SyncSerializer.Types);

    /// <summary>Registers the actors, the dialect and what the HTTP endpoints ask of them.</summary>
    internal static IServiceCollection AddSyncActors(this IServiceCollection services, PeerSyncOptions options, DataStore store, ActorSystem system)
    {
        var settings = Settings(options);
        services.AddSingleton(settings);
        services.AddSingleton<SyncCounters>();
        services.AddSingleton<SyncMetrics>();
        services.AddSingleton<ISyncLimits>(provider => new SyncLimits(
            options.RateLimits.Enabled, provider.GetRequiredService<PairingLookupLimits>(), provider.GetRequiredService<PeerSyncMetrics>()));
        services.AddSingleton(provider => SyncRegions.Start(
            system, settings, store.Sync, provider.GetRequiredService<Storage.Sync.ISyncPairings>(), store.Events, provider.GetRequiredService<SyncCounters>()));
        services.AddSingleton<ISyncDevices, SyncLiveDevices>();
        services.AddSingleton(provider => new SyncServices(
            provider.GetRequiredService<SyncRegions>(),
            settings,
            provider.GetRequiredService<SyncServerKey>().Identity,
            provider.GetRequiredService<Storage.Sync.ISyncPairings>(),
            store.Events,
            system.ActorOf(Props.Create(() => new SyncCursorActor(store.Sync)), "sync-cursors"),
            provider.GetRequiredService<ISyncSessionLog>(),
            provider.GetRequiredService<ISyncLimits>(),
            provider.GetRequiredService<SyncCounters>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ISocketDialect>(provider => new SyncDialect(
            options.WebSocket.Path, Limits(options), provider.GetRequiredService<SyncServices>()));
        return services;
    }

    /// <summary>Starts what nobody asks for: the instruments and the clean-up.</summary>
    internal static void StartSync(this IServiceProvider provider, PeerSyncOptions options, DataStore store, ActorSystem system)
    {
        provider.GetRequiredService<SyncMetrics>();
        var retention = new SyncRetention(
            provider.GetRequiredService<SyncRegions>(),
            system.Settings.Journal!,
            store.Events,
            store.Sync,
            provider.GetRequiredService<Storage.Sync.ISyncPairings>(),
            options.Sync.EventRetention,
            options.Sync.DeviceRetention,
            provider.GetRequiredService<SyncCounters>(),
            provider.GetRequiredService<TimeProvider>());
        system.ActorOf(Props.Create(() => new SyncRetentionActor(retention)), "sync-retention");
    }

    private static Actors.Sync.SyncSettings Settings(PeerSyncOptions options) => new()
    {
        SessionTimeout = options.Sync.SessionTimeout,
        ReplayWindow = options.Sync.ReplayWindow,
        MaxDevices = options.Sync.MaxDevices,
        EventBurst = options.RateLimits.Enabled ? options.Sync.EventsPerUser.Burst : 0,
        EventsPerMinute = (int)(options.Sync.EventsPerUser.Tokens / options.Sync.EventsPerUser.Period.TotalMinutes),
    };

    // Messages that are no events (pings, scratchpads) have the same budget per socket as a user's events have in all.
    private static DialectLimits Limits(PeerSyncOptions options) => new()
    {
        MaxMessageSize = options.Sync.MaxMessageSize,
        AuthenticationTimeout = options.Sync.HandshakeTimeout,
        MessagesPerSecond = options.RateLimits.Enabled ? 1000 : 0,
        MessageBurst = options.Sync.EventsPerUser.Burst,
        UnansweredPings = 2,
        HeartbeatTimeout = new DialectClose(SyncClose.HeartbeatTimeout.Code, SyncClose.HeartbeatTimeout.Reason),
    };
}
