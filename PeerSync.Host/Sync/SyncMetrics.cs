using System.Diagnostics.Metrics;
using PeerSync.Actors.Sync;
using PeerSync.Host.Metrics;

namespace PeerSync.Host.Sync;

/// <summary>Shows what the Sync feature's actors count, under the names that its dashboards know (Sync contract, section 10), each with one suffix.</summary>
internal sealed class SyncMetrics
{
    public SyncMetrics(IMeterFactory meterFactory, TelemetryOptions options, SyncCounters counters, SyncHttpOptions http, PeerSyncMetrics metrics)
    {
        var meter = meterFactory.Create(options.MeterName);
        KeyValuePair<string, object?>[] build =
        [
            new("version", http.Build.Version),
            new("commit", http.Build.Commit ?? string.Empty),
            new("branch", http.Build.Branch ?? string.Empty),
            new("build_time", http.Build.BuildTime ?? string.Empty),
        ];
        meter.CreateObservableGauge("pocketbridge.info", () => new Measurement<int>(1, build), null, "The build that runs.");
        meter.CreateObservableUpDownCounter("pocketbridge.devices.active", () => counters.DevicesOnline, null, "Devices that are connected.");
        meter.CreateObservableUpDownCounter("pocketbridge.users.active", () => counters.UsersOnline, null, "Users with a connected device.");
        meter.CreateObservableUpDownCounter("pocketbridge.websocket.connections.active", () => counters.DevicesOnline, null, "Sockets with a session.");
        meter.CreateObservableCounter(
            "pocketbridge.events.processed",
            () => new[]
            {
                With(counters.EventsStored, "status", "stored"),
                With(counters.EventsDuplicate, "status", "duplicate"),
                With(counters.EventsDropped, "status", "dropped"),
                With(counters.EventsForeign, "status", "foreign"),
                With(counters.EventsRefused, "status", "refused"),
            },
            null,
            "Events that devices sent, by what became of them.");
        meter.CreateObservableCounter(
            "pocketbridge.events.relayed",
            () => new[] { With(counters.EventsRelayed, "way", "live"), With(counters.EventsReplayed, "way", "journal") },
            null,
            "Events sent to devices: as they happened, or from the journal.");
        meter.CreateObservableCounter(
            "pocketbridge.websocket.handshakes",
            () => new[] { With(counters.HandshakesSucceeded, "status", "success"), With(counters.HandshakesFailed, "status", "failed") },
            null,
            "Handshakes by their outcome.");
        meter.CreateObservableCounter(
            "pocketbridge.websocket.connections",
            () => new[] { With(counters.DevicesCame, "status", "connected"), With(counters.DevicesWent, "status", "disconnected") },
            null,
            "Sessions that began and that ended.");
        meter.CreateObservableCounter(
            "pocketbridge.data.retention.devices.deleted", () => counters.DevicesExpired, null, "Devices deleted because nobody had seen them for long.");
        meter.CreateObservableCounter("pocketbridge.data.retention.events.deleted", () => counters.EventsExpired, null, "Events deleted because their time was over.");
        meter.CreateObservableCounter("peersync.sync.pauses", () => counters.Pauses, null, "Times that a socket was not read because its user was above budget.");
        meter.CreateObservableCounter("peersync.sync.lags", () => counters.Lags, null, "Times that a slow device was served from the journal.");
        meter.CreateObservableCounter("peersync.sync.stream.faults", () => counters.StreamFaults, null, "Streams that ended because the journal failed them.");
        metrics.ObserveAuthentications("handshake", () =>
        [
            KeyValuePair.Create("valid", counters.HandshakesSucceeded),
            KeyValuePair.Create("invalid", counters.HandshakesFailed),
        ]);
    }

    private static Measurement<long> With(long value, string label, string of) => new(value, new KeyValuePair<string, object?>(label, of));
}
