using System.Diagnostics.Metrics;
using PeerSync.Host.Metrics;

namespace PeerSync.Host.Serving;

/// <summary>Shows what the storage counts.</summary>
internal sealed class StorageMetrics
{
    public StorageMetrics(IMeterFactory meterFactory, TelemetryOptions options, StorageCounters counters)
    {
        var meter = meterFactory.Create(options.MeterName);
        meter.CreateObservableCounter("peersync.journal.events", () => counters.Events.Value, "{event}", "Events in committed groups of the journal.");
        meter.CreateObservableCounter("peersync.journal.writes", () => counters.Writes.Value, "{write}", "Writes of actors in committed groups of the journal.");
        meter.CreateObservableCounter("peersync.journal.groups", () => counters.Groups.Value, "{group}", "Groups committed to the journal.");
        meter.CreateObservableCounter(
            "peersync.journal.commit_time",
            () => counters.CommitMicroseconds.Value / 1e6,
            "s",
            "Time that the groups took, from the first insert to the durable commit.");
        meter.CreateObservableCounter(
            "peersync.journal.refused", () => counters.Refused.Value, "{event}", "Events refused, because another writer has gone on with their stream.");
        meter.CreateObservableCounter("peersync.storage.retries", () => counters.Retries.Value, "{operation}", "Operations tried again after a passing fault.");
        meter.CreateObservableCounter("peersync.storage.failures", () => counters.Failures.Value, "{operation}", "Operations that failed.");
    }
}
