namespace PeerSync.Actors.Connections;

/// <summary>The socket is gone; nothing more will come from it. The last message that a connection actor gets from its socket.</summary>
public sealed class ConnectionClosed
{
    private ConnectionClosed()
    {
    }

    /// <summary>The only instance.</summary>
    public static ConnectionClosed Instance { get; } = new();
}

/// <summary>The client sends faster than its budget; some of its messages were dropped. Told at most once a second.</summary>
public sealed class RateLimitExceeded
{
    private RateLimitExceeded()
    {
    }

    /// <summary>The only instance.</summary>
    public static RateLimitExceeded Instance { get; } = new();
}

/// <summary>The time in which a client has to authenticate is over.</summary>
public sealed class AuthenticationTimedOut
{
    private AuthenticationTimedOut()
    {
    }

    /// <summary>The only instance.</summary>
    public static AuthenticationTimedOut Instance { get; } = new();
}

/// <summary>The token that a client authenticated with has expired, and its grace too.</summary>
public sealed class IdentityExpired
{
    private IdentityExpired()
    {
    }

    /// <summary>The only instance.</summary>
    public static IdentityExpired Instance { get; } = new();
}
