using PeerSync.Actors.Sharing;
using PeerSync.Host.Configuration;
using PeerSync.Host.Health;
using PeerSync.Host.Http;
using PeerSync.Host.Serving;
using PeerSync.Host.Sharing.Resp;
using PeerSync.Host.Sockets;
using PeerSync.Kernel;
using PeerSync.Storage;
using PeerSync.Storage.Databases;

namespace PeerSync.Host.Sharing.Feed;

/// <summary>Puts the feed together.</summary>
internal static class FeedComposition
{
    /// <summary>Registers the feed's actor, the ways to listen to it and what they need.</summary>
    internal static IServiceCollection AddSharingFeed(this IServiceCollection services, PeerSyncOptions options, DataStore store, ActorSystem system)
    {
        var feed = options.Sharing.Feed;
        var resp = options.Sharing.Resp;
        services.AddSingleton(new FeedOptions
        {
            SharedPayloadsAreFull = feed.SharedPayloadsAreFull,
            MaxConnectionsPerUser = options.RateLimits.Enabled ? feed.MaxConnectionsPerUser : int.MaxValue,
            Page = feed.ResumePage,

            // SQLite has one node, which hears of all its events.
            PollInterval = store.Engine == DatabaseEngine.Postgres ? TimeSpan.FromSeconds(1) : null,
        });
        services.AddSingleton<FeedCounters>();
        services.AddSingleton<SharingFeedMetrics>();
        services.AddSingleton(store.Sharing.Feed);
        services.AddSingleton(provider => SharingFeedHub.Start(
            system, store.Sharing.Feed, provider.GetRequiredService<FeedOptions>(), provider.GetRequiredService<FeedCounters>()));
        services.AddSingleton<ISharingFeedSink>(static provider => provider.GetRequiredService<SharingFeedHub>());
        services.AddSingleton<ISharingRevocations>(static provider => provider.GetRequiredService<SharingFeedHub>());
        services.AddSingleton<IFeedIdentities, FeedIdentities>();
        services.AddSingleton(provider => new FeedServices(
            provider.GetRequiredService<SharingFeedHub>().Actor,
            store.Sharing.Feed,
            provider.GetRequiredService<IFeedIdentities>(),
            provider.GetRequiredService<FeedOptions>(),
            provider.GetRequiredService<FeedCounters>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(new FeedConnectionOptions
        {
            OutboundMessages = options.WebSocket.Outbound.MaxMessages,
            StreamOutboundBytes = options.WebSocket.Outbound.MaxBytes,
            StallTimeout = options.WebSocket.Outbound.StallTimeout,
        });
        services.AddSingleton<FeedConnections>();
        services.AddSingleton<ISocketDialect, SharingRealtimeDialect>();
        services.AddSingleton(new RespAddress(resp.Endpoint is not null, resp.Certificate is not null));
        services.AddSingleton(RespPassword.Load(options));
        services.AddSingleton(provider => new RespServer(
            new RespServerOptions(resp.MaxConnections, resp.OutboundBytes, resp.HandshakeTimeout),
            new RespCredentials(provider.GetRequiredService<RespPassword>().Text),
            OptionsMapping.Addresses(options),
            provider.GetRequiredService<ClientAddresses>(),
            provider.GetRequiredService<FeedConnections>(),
            provider.GetRequiredService<FeedServices>(),
            system));
        services.AddSingleton<SharingFeedEndpoints>();
        services.AddSingleton<IReadinessCheck, SharingFeedReadinessCheck>();
        services.AddHostedService<FeedLifetimeService>();
        return services;
    }

    /// <summary>Maps the feed's routes.</summary>
    internal static void MapSharingFeed(this SharingRoutes routes, IServiceProvider services)
    {
        services.GetRequiredService<SharingFeedEndpoints>().Map(routes);

        // Nobody asks for it: its instruments only have to exist.
        services.GetRequiredService<SharingFeedMetrics>();
    }
}
