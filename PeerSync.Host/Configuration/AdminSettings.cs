namespace PeerSync.Host.Configuration;

/// <summary><c>peersync.admin</c>: the listener that the operator's commands talk to.</summary>
internal sealed record AdminSettings
{
    /// <summary>Where it listens; null when it is off.</summary>
    public required ListenEndpoint? Endpoint { get; init; }

    /// <summary>The bearer token that callers present. Never empty when the endpoint can be reached from another machine.</summary>
    public required Secret Token { get; init; }
}
