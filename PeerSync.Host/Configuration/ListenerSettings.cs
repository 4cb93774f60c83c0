namespace PeerSync.Host.Configuration;

/// <summary>One entry of <c>peersync.listeners</c>: an address and the features served there.</summary>
internal sealed record ListenerSettings
{
    public required ListenEndpoint Endpoint { get; init; }

    /// <summary>The features served here, HTTP and WebSocket alike. Never <see cref="ServerFeatures.None"/>.</summary>
    public required ServerFeatures Features { get; init; }

    /// <summary>
    /// Whether the entry names its features. Only then does a feature get the paths on which the features collide and no
    /// request tells them apart.
    /// </summary>
    public required bool NamesFeatures { get; init; }

    /// <summary>The certificate; null when the endpoint does not use TLS.</summary>
    public CertificateSettings? Certificate { get; init; }
}
