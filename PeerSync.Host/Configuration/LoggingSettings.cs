namespace PeerSync.Host.Configuration;

/// <summary><c>peersync.logging</c>.</summary>
internal sealed record LoggingSettings
{
    /// <summary>The least important level that is written.</summary>
    public required LogLevel Level { get; init; }

    public required LogFormat Format { get; init; }
}
