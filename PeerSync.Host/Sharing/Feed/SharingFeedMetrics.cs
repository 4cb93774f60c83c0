using System.Diagnostics.Metrics;
using PeerSync.Actors.Sharing;
using PeerSync.Host.Metrics;

namespace PeerSync.Host.Sharing.Feed;

/// <summary>Shows what the feed counts. No label holds a user or a team.</summary>
internal sealed class SharingFeedMetrics
{
    private static readonly FeedKind[] Kinds = Enum.GetValues<FeedKind>();

    public SharingFeedMetrics(IMeterFactory meterFactory, TelemetryOptions options, FeedCounters counters)
    {
        var meter = meterFactory.Create(options.MeterName);
        meter.CreateObservableUpDownCounter(
            "peersync.sharing.feed.subscribers",
            () => Kinds.Select(kind => new Measurement<long>(counters.Subscribers(kind), KeyValuePair.Create<string, object?>("kind", NameOf(kind)))),
            null,
            "Listeners of the feed, by how they listen.");
        meter.CreateObservableCounter("peersync.sharing.feed.events", () => counters.Events, null, "Events delivered, however many listeners there were.");
        meter.CreateObservableCounter("peersync.sharing.feed.deliveries", () => counters.Deliveries, null, "Messages handed to listeners, one for each.");
        meter.CreateObservableCounter("peersync.sharing.feed.slow_disconnects", () => counters.SlowDisconnects, null, "Listeners cut because they read too slowly.");
        meter.CreateObservableCounter("peersync.sharing.feed.refused", () => counters.AuthenticationsRefused, null, "Passwords and tokens of listeners that were refused.");
        meter.CreateObservableCounter("peersync.sharing.feed.resets", () => counters.Resets, null, "Listeners that came back too late to be told what they had missed.");
    }

    private static string NameOf(FeedKind kind) => kind switch
    {
        FeedKind.SharedResp => "resp_shared",
        FeedKind.UserResp => "resp_user",
        FeedKind.WebSocket => "websocket",
        _ => "sse",
    };
}
