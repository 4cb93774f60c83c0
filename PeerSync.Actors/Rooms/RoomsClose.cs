namespace PeerSync.Actors.Rooms;

/// <summary>The close codes of the Rooms feature's own (docs/spec/rooms.md). Its clients come back after any of them.</summary>
/// <param name="Code">The code.</param>
/// <param name="Reason">The reason text.</param>
public sealed record RoomsClose(int Code, string Reason)
{
    /// <summary>The socket did not say in time who it is, or answered no pings.</summary>
    public static RoomsClose Timeout { get; } = new(4008, "timeout");

    /// <summary>The token that the socket's user entered with was revoked.</summary>
    public static RoomsClose TokenRevoked { get; } = new(4003, "token revoked");
}
