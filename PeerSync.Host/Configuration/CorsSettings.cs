namespace PeerSync.Host.Configuration;

/// <summary><c>peersync.cors</c>: which browser origins may call the HTTP endpoints.</summary>
internal sealed record CorsSettings
{
    /// <summary>
    /// The allowed origins, compared exactly; the single entry <c>*</c> allows every origin. Empty: every origin outside
    /// production, none in production.
    /// </summary>
    public required IReadOnlyList<string> Origins { get; init; }
}
