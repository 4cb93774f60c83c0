namespace PeerSync.Host.Sockets;

/// <summary>The states that open connections are counted by.</summary>
internal static class ConnectionStates
{
    /// <summary>Upgraded, nobody has authenticated.</summary>
    internal const string Connected = "connected";

    /// <summary>Some user is on it.</summary>
    internal const string Authenticated = "authenticated";
}
