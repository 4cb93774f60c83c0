namespace PeerSync.Host.Configuration;

/// <summary><c>peersync.storage.journal</c>: how events are written.</summary>
internal sealed record JournalSettings
{
    /// <summary>How long a write may take, repeated attempts included.</summary>
    public required TimeSpan WriteTimeout { get; init; }

    /// <summary>The most events that wait; further writers wait before the queue.</summary>
    public required int MaxQueuedEvents { get; init; }

    /// <summary>The most bytes of events that wait.</summary>
    public required int MaxQueuedBytes { get; init; }

    /// <summary>The events after which a transaction takes no further write.</summary>
    public required int MaxGroupEvents { get; init; }

    /// <summary>The bytes after which a transaction takes no further write.</summary>
    public required int MaxGroupBytes { get; init; }
}
