namespace PeerSync.Host.Configuration;

/// <summary><c>peersync.storage</c>: where durable state is kept.</summary>
internal sealed record StorageSettings
{
    /// <summary>
    /// A <c>postgres://</c> or <c>postgresql://</c> address or an Npgsql connection string; empty keeps everything in SQLite
    /// in the data directory.
    /// </summary>
    public required Secret DatabaseUrl { get; init; }

    /// <summary>How long one statement may take.</summary>
    public required TimeSpan CommandTimeout { get; init; }

    /// <summary>The most connections open to PostgreSQL.</summary>
    public required int PoolSize { get; init; }

    /// <summary>How long audit entries are kept.</summary>
    public required TimeSpan AuditRetention { get; init; }

    /// <summary>How events are written.</summary>
    public required JournalSettings Journal { get; init; }
}
