using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace PeerSync.Host.Metrics;

/// <summary>The server's own instruments. Everything is counted in plain numbers, which the instruments read when a scrape or a push asks.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class PeerSyncMetrics
{
    private readonly ConcurrentDictionary<string, FeatureMetrics> _features = new(StringComparer.Ordinal);
    private readonly LabeledCounters<string> _rateLimited = new();
    private readonly ConcurrentDictionary<string, LabeledCounters<string>> _authentications = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Func<IEnumerable<KeyValuePair<string, long>>>> _observedAuthentications = new(StringComparer.Ordinal);

    public PeerSyncMetrics(IMeterFactory meterFactory, TelemetryOptions options)
    {
        var meter = meterFactory.Create(options.MeterName);
        CreateConnectionInstruments(meter);
        CreateMessageInstruments(meter);
        meter.CreateObservableCounter(
            "peersync.rate_limited", () => Read(_rateLimited, "kind"), "{refusal}", "What clients asked beyond a rate limit, by kind of limit.");
        meter.CreateObservableCounter(
            "peersync.authentications", ReadAuthentications, "{attempt}", "Tokens presented, by where and with what outcome.");
        meter.CreateObservableCounter(
            "peersync.actors.dead_letters", () => DeadLetters.Value, "{message}", "Messages to actors that had stopped.");
        meter.CreateObservableCounter(
            "peersync.actors.mailbox_overflows", () => MailboxOverflows.Value, "{message}", "Messages refused because an actor's mailbox was full.");
    }

    /// <summary>Messages to actors that had stopped.</summary>
    public StripedCounter DeadLetters { get; } = new();

    /// <summary>Messages refused because an actor's mailbox was full.</summary>
    public StripedCounter MailboxOverflows { get; } = new();

    /// <summary>The numbers of one feature; callers keep the object.</summary>
    /// <param name="name">The feature's name in lower case, for example <c>peers</c>.</param>
    public FeatureMetrics Feature(string name) => _features.GetOrAdd(name, static _ => new FeatureMetrics());

    /// <summary>A rate limit refused something.</summary>
    /// <param name="kind">One of a few fixed names, for example <c>http</c>.</param>
    public void RateLimited(string kind) => _rateLimited[kind].Increment();

    /// <summary>Somebody presented a token, or none where one is needed.</summary>
    /// <param name="surface"><c>http</c> or <c>socket</c>.</param>
    /// <param name="outcome">One of <c>valid</c>, <c>expired</c>, <c>invalid</c>, <c>missing</c>, <c>unavailable</c>, <c>timeout</c>.</param>
    public void Authentication(string surface, string outcome) =>
        _authentications.GetOrAdd(surface, static _ => new LabeledCounters<string>())[outcome].Increment();

    /// <summary>Reports authentications that somebody else counts.</summary>
    /// <param name="surface">Where the tokens are presented; one that <see cref="Authentication"/> is not called with.</param>
    /// <param name="read">The numbers by outcome, since the start; called by whoever collects.</param>
    public void ObserveAuthentications(string surface, Func<IEnumerable<KeyValuePair<string, long>>> read) => _observedAuthentications[surface] = read;

    private static IEnumerable<Measurement<long>> Read(LabeledCounters<string> counters, string label)
    {
        foreach (var (value, count) in counters.Read())
        {
            yield return new Measurement<long>(count, new KeyValuePair<string, object?>(label, value));
        }
    }

    private void CreateConnectionInstruments(Meter meter)
    {
        meter.CreateObservableUpDownCounter(
            "peersync.connections.open",
            () => EachLabel("state", static feature => feature.ConnectionStates.Select(state => KeyValuePair.Create(state.Key, state.Value.Value))),
            "{connection}",
            "Open connections by feature and state.");
        meter.CreateObservableCounter(
            "peersync.connections.accepted", () => Each(static feature => feature.ConnectionsAccepted.Value), "{connection}", "Connections let in.");
        meter.CreateObservableCounter(
            "peersync.connections.refused",
            () => EachLabel("reason", static feature => feature.RefusedByReason),
            "{connection}",
            "Connections not let in, by reason.");
        meter.CreateObservableCounter(
            "peersync.connections.closed",
            () => EachLabel("code", static feature => feature.ClosedByCode),
            "{connection}",
            "Connections ended, by close code.");
        meter.CreateObservableCounter(
            "peersync.connections.slow_consumers",
            () => Each(static feature => feature.SlowConsumers.Value),
            "{connection}",
            "Connections cut because their client read too slowly.");
    }

    private void CreateMessageInstruments(Meter meter)
    {
        meter.CreateObservableCounter(
            "peersync.messages.received", () => Each(static feature => feature.MessagesReceived.Value), "{message}", "Messages from clients.");
        meter.CreateObservableCounter(
            "peersync.messages.sent", () => Each(static feature => feature.MessagesSent.Value), "{message}", "Messages to clients.");
        meter.CreateObservableCounter(
            "peersync.received", () => Each(static feature => feature.BytesReceived.Value), "By", "Payload from clients.");
        meter.CreateObservableCounter(
            "peersync.sent", () => Each(static feature => feature.BytesSent.Value), "By", "Payload to clients.");
    }

    private IEnumerable<Measurement<long>> Each(Func<FeatureMetrics, long> read)
    {
        foreach (var (name, feature) in _features)
        {
            yield return new Measurement<long>(read(feature), new KeyValuePair<string, object?>("feature", name));
        }
    }

    private IEnumerable<Measurement<long>> EachLabel(string label, Func<FeatureMetrics, IEnumerable<KeyValuePair<string, long>>> read)
    {
        foreach (var (name, feature) in _features)
        {
            foreach (var (value, count) in read(feature))
            {
                yield return new Measurement<long>(
                    count, new KeyValuePair<string, object?>("feature", name), new KeyValuePair<string, object?>(label, value));
            }
        }
    }

    private IEnumerable<Measurement<long>> ReadAuthentications()
    {
        var counted = _authentications.Select(static entry => KeyValuePair.Create(entry.Key, entry.Value.Read()));
        var observed = _observedAuthentications.Select(static entry => KeyValuePair.Create(entry.Key, entry.Value()));
        foreach (var (surface, outcomes) in counted.Concat(observed))
        {
            foreach (var (outcome, count) in outcomes)
            {
                yield return new Measurement<long>(
                    count, new KeyValuePair<string, object?>("surface", surface), new KeyValuePair<string, object?>("outcome", outcome));
            }
        }
    }
}
