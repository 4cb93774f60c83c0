using PeerSync.Actors.Calls;
using PeerSync.Host.Configuration;
using PeerSync.Host.Health;
using PeerSync.Host.Http;
using PeerSync.Host.OpenApi;
using PeerSync.Host.SocketIO;
using PeerSync.Kernel;
using PeerSync.Protocol.Calls;
using PeerSync.Storage;
using PeerSync.Storage.Calls;

namespace PeerSync.Host.Calls;

/// <summary>Puts the Calls feature together.</summary>
internal static class CallsComposition
{
    /// <summary>Registers the endpoints and what they need.</summary>
    internal static IServiceCollection AddCalls(this IServiceCollection services, PeerSyncOptions options, CallsKeys keys, DataStore store, ActorSystem system)
    {
        services.AddSingleton(keys);
        services.AddSingleton(store.Calls);
        services.AddSingleton<CallsCounters>();
        services.AddSingleton<CallsMetrics>();
        services.AddSingleton(provider => new CallsTokens(
            keys.Tokens, CallsTokenLifetime.Parse(options.Calls.TokenLifetime), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(new CallsPeerIds(keys.Pseudonyms, options.Calls.PeerIds == PeerIdForm.Device));
        services.AddSingleton(Settings(options));
        services.AddSingleton(provider => CallsEntities.Start(
            system,
            provider.GetRequiredService<CallSettings>(),
            store.Calls,
            provider.GetRequiredService<CallsPeerIds>(),
            provider.GetRequiredService<CallsCounters>()));
        services.AddSingleton<CallsServices>();
        services.AddSingleton<ICallsLive, CallsLive>();
        services.AddEngineIO(Engine(options), provider => new SocketIOServer(
            new SocketIOOptions(),
            system,
            new Dictionary<string, ISocketIOApplication>
            {
                ["/"] = new SilentNamespace(),
                [CallsConnectionActor.Namespace] = new SignalingNamespace(provider.GetRequiredService<CallsServices>()),
            }));
        services.AddSingleton<CallsAccess>();
        services.AddSingleton<CallsLimits>();
        services.AddSingleton<CallsAuthEndpoints>();
        services.AddSingleton<CallsBlockEndpoints>();
        services.AddSingleton<CallsReportEndpoints>();
        services.AddSingleton<CallsBanEndpoints>();
        services.AddSingleton<CallsAdminEndpoints>();
        services.AddSingleton<IHealthMembers, CallsHealth>();
        return services;
    }

    /// <summary>Adds what runs the routes; routing comes before it, and the behaviour that other features share after it.</summary>
    internal static IApplicationBuilder UseCalls(this IApplicationBuilder app) => app.UseMiddleware<CallsMiddleware>();

    /// <summary>Maps the routes and starts the clean-up.</summary>
    internal static void MapCalls(this IEndpointRouteBuilder routes, PeerSyncOptions options, DataStore store, ActorSystem system)
    {
        var services = routes.ServiceProvider;
        var access = services.GetRequiredService<CallsAccess>();
        var auth = services.GetRequiredService<CallsAuthEndpoints>();
        var blocks = services.GetRequiredService<CallsBlockEndpoints>();
        var reports = services.GetRequiredService<CallsReportEndpoints>();
        var bans = services.GetRequiredService<CallsBanEndpoints>();
        Map("/auth/token", (HttpMethods.Post, auth.IssueAsync, CallsDescriptions.Issue));
        Map("/auth/refresh", (HttpMethods.Post, access.Authenticated(auth.RefreshAsync), CallsDescriptions.Refresh));
        Map("/auth/verify", (HttpMethods.Get, access.Authenticated(CallsAuthEndpoints.VerifyAsync), CallsDescriptions.Verify));
        Map("/turn/credentials", (HttpMethods.Post, access.Authenticated(auth.WriteTurnAsync), CallsDescriptions.Turn));
        Map(
            "/blocks",
            (HttpMethods.Get, access.Authenticated(blocks.ListAsync), CallsDescriptions.ListBlocks),
            (HttpMethods.Post, access.Authenticated(blocks.BlockAsync), CallsDescriptions.Block),
            (HttpMethods.Delete, access.Authenticated(blocks.UnblockAsync), CallsDescriptions.Unblock));
        Map("/blocks/count", (HttpMethods.Get, access.Authenticated(blocks.CountAsync), CallsDescriptions.CountBlocks));
        Map(
            "/reports",
            (HttpMethods.Get, access.Moderating(reports.ListAsync), CallsDescriptions.ListReports),
            (HttpMethods.Post, access.Authenticated(reports.SubmitAsync), CallsDescriptions.SubmitReport));
        Map("/reports/next", (HttpMethods.Get, access.Moderating(reports.TakeNextAsync), CallsDescriptions.NextReport));
        Map("/reports/stats", (HttpMethods.Get, access.Moderating(reports.WriteStatsAsync), CallsDescriptions.ReportStatistics));
        Map("/reports/moderate", (HttpMethods.Post, access.Moderating(reports.DecideAsync), CallsDescriptions.DecideReport));
        Map("/reports/{id:guid}", (HttpMethods.Get, access.Moderating(reports.ShowAsync), CallsDescriptions.ShowReport));
        Map(
            "/bans",
            (HttpMethods.Get, access.Moderating(bans.ListAsync), CallsDescriptions.ListBans),
            (HttpMethods.Post, access.Moderating(bans.BanAsync), CallsDescriptions.Ban));
        Map("/bans/{deviceId}", (HttpMethods.Delete, access.Moderating(bans.UnbanAsync), CallsDescriptions.Unban));
        services.GetRequiredService<CallsAdminEndpoints>().Map(routes);

        // Nobody asks for it: its instruments only have to exist.
        services.GetRequiredService<CallsMetrics>();
        var retention = new CallsRetention(options.Calls.ReportRetention, options.Calls.DeviceRetention);
        system.ActorOf(Props.Create(() => new CallsRetentionActor(store.Calls, retention)), "calls-retention");

        void Map(string pattern, params (string Method, RequestDelegate Handler, Func<RouteDescription> Describe)[] handlers)
        {
            foreach (var (method, handler, describe) in handlers)
            {
                var endpoint = HttpMethods.IsGet(method) ? routes.MapRead(pattern, handler) : routes.MapMethods(pattern, [method], handler);
                endpoint.WithMetadata(CallsRoute.Instance).Describe(describe);
            }

            // The middleware answers it, in the words of this feature's own preflights.
            routes.MapMethods(pattern, [HttpMethods.Options], HttpErrors.WriteNoRouteAsync)
                .WithMetadata(CallsRoute.Instance)
                .ExcludeFromDescription();
        }
    }

    private static CallSettings Settings(PeerSyncOptions options)
    {
        var calls = options.Calls;
        return new CallSettings
        {
            ResumeGrace = calls.ResumeGrace,
            MaxJoins = options.RateLimits.Enabled ? calls.Joins.MaxRequests : 0,
            JoinWindow = calls.Joins.Window,
            EventsPerSecond = options.RateLimits.Enabled ? (int)(calls.Events.Tokens / calls.Events.Period.TotalSeconds) : 0,
            EventBurst = calls.Events.Burst,
            MaxPendingReporters = calls.MaxPendingReporters,
            Strikes = new CallsStrikeRules(calls.Strikes.Memory, calls.Strikes.Restriction, calls.Strikes.Ban),
            Matching = new MatchSettings
            {
                UrgentAfterWithFew = calls.Matching.UrgentAfterWithFew,
                UrgentAfterWithSome = calls.Matching.UrgentAfterWithSome,
                UrgentAfterWithMany = calls.Matching.UrgentAfterWithMany,
                RecentFor = calls.Matching.RecentFor,
                RematchAfter = calls.Matching.RematchAfter,
                MaxPassedOver = calls.Matching.MaxPassedOver,
            },
        };
    }

    private static EngineOptions Engine(PeerSyncOptions options)
    {
        var defaults = new EngineOptions();
        return defaults with
        {
            Cors = new CorsPolicyOptions(options.IsProduction, options.Cors.Origins),
            InFlightMessages = options.WebSocket.InFlightMessages,
            OutboundMessages = options.WebSocket.Outbound.MaxMessages,
            OutboundBytes = options.WebSocket.Outbound.MaxBytes,
            MessagesPerSecond = options.RateLimits.Enabled ? defaults.MessagesPerSecond : 0,
        };
    }
}
