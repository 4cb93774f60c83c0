using System.Diagnostics.Metrics;
using PeerSync.Actors.Identity;
using PeerSync.Actors.Peers;
using PeerSync.Host.Metrics;

namespace PeerSync.Host.Peers;

/// <summary>Shows what the Peers feature's actors count. The actors know nothing of meters; a collection reads their numbers.</summary>
internal sealed class PeersMetrics
{
    private static readonly KeyValuePair<string, object?> Feature = new("feature", "peers");

    public PeersMetrics(IMeterFactory meterFactory, TelemetryOptions options, PeersCounters counters, PeerSyncMetrics metrics)
    {
        var meter = meterFactory.Create(options.MeterName);
        meter.CreateObservableUpDownCounter(
            "peersync.peers.online", () => Measure(counters.PeersOnline), "{peer}", "Users that others can see.");
        meter.CreateObservableUpDownCounter(
            "peersync.sessions.open", () => Measure(counters.SessionsOpen), "{session}", "Sessions between users.");
        meter.CreateObservableUpDownCounter(
            "peersync.requests.pending", () => Measure(counters.RequestsOpen), "{request}", "Connection requests that wait for an answer.");
        meter.CreateObservableCounter(
            "peersync.messages.relayed", () => Measure(counters.MessagesRelayed), "{message}", "Messages passed from one member of a session to the other.");
        meter.CreateObservableCounter(
            "peersync.presence.deliveries", () => Measure(counters.PresenceDeliveries), "{message}", "Presence changes handed to clients.");
        metrics.ObserveAuthentications("socket", () => Enum.GetValues<TokenStatus>().Select(status => KeyValuePair.Create(NameOf(status), counters.Logins(status))));
    }

    /// <summary>An outcome as metrics name it.</summary>
    internal static string NameOf(TokenStatus status) => status switch
    {
        TokenStatus.Valid => "valid",
        TokenStatus.Expired => "expired",
        TokenStatus.Unavailable => "unavailable",
        _ => "invalid",
    };

    private static Measurement<long> Measure(long value) => new(value, Feature);
}
