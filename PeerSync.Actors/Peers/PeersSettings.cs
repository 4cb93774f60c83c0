namespace PeerSync.Actors.Peers;

/// <summary>The Peers feature's settings (<c>hocon/peersync.conf</c>, section <c>peers</c>).</summary>
public sealed record PeersSettings
{
    /// <summary>How long a connection request may be answered. 30 s by default.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a session waits for an absent member. 30 s by default.</summary>
    public TimeSpan SessionAbsence { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a superseding connection may take to register before the user is announced as offline. 10 s by default.</summary>
    public TimeSpan RegistrationGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the verification of a token may take. 15 s by default.</summary>
    public TimeSpan VerificationTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a connection outlives its token. 60 s by default.</summary>
    public TimeSpan ExpiryGrace { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether users without a network see each other's presence, as the oldest client generation needs. Off by default.</summary>
    public bool SharePresenceWithoutNetwork { get; init; }

    /// <summary>The most open requests from one user to another. 5 by default.</summary>
    public int MaxOpenRequestsPerPair { get; init; } = 5;

    /// <summary>The most open requests of one user. 50 by default.</summary>
    public int MaxOpenRequests { get; init; } = 50;

    /// <summary>The most sessions of one user. 100 by default.</summary>
    public int MaxSessionsPerUser { get; init; } = 100;

    /// <summary>The longest display name, in UTF-16 units; longer ones are cut. 128 by default.</summary>
    public int MaxDisplayName { get; init; } = 128;
}
