namespace PeerSync.Host.Configuration;

/// <summary><c>peersync.turn</c>: the relay that clients are told of, for connections that no hole can be punched for.</summary>
internal sealed record TurnSettings
{
    /// <summary>Whether a provider's addresses, name and password are handed out by Calls as they are set; all three are needed for that.</summary>
    public bool IsManaged => IsProviderManaged && Urls.Count > 0 && Username.Length > 0 && !Password.IsEmpty;

    /// <summary>Whether the TURN server is a provider's, with a fixed name and password.</summary>
    public required bool IsProviderManaged { get; init; }

    /// <summary>Addresses of STUN servers; empty tells of none.</summary>
    public required IReadOnlyList<string> StunUrls { get; init; }

    /// <summary>Addresses of the TURN server; empty takes them from the host and the ports.</summary>
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>The TURN server's name; empty tells of none unless there are addresses.</summary>
    public required string Host { get; init; }

    public required int Port { get; init; }

    public required int TlsPort { get; init; }

    /// <summary>The secret that credentials are derived from, shared with the TURN server.</summary>
    public required Secret SharedSecret { get; init; }

    /// <summary>A fixed name, for providers without a shared secret.</summary>
    public required string Username { get; init; }

    public required Secret Password { get; init; }

    /// <summary>How long a credential is valid.</summary>
    public required TimeSpan Lifetime { get; init; }
}
