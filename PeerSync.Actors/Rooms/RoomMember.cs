using PeerSync.Kernel;
using PeerSync.Protocol.Connections;
using PeerSync.Protocol.Rooms;

namespace PeerSync.Actors.Rooms;

/// <summary>A member of a room, as the room keeps it.</summary>
internal sealed class RoomMember(string userId, long joinedAt)
{
    public string UserId { get; } = userId;

    public string? UserName { get; set; }

    /// <summary>The form of its socket; Undecided without one.</summary>
    public RoomsForm Form { get; set; }

    /// <summary>Its socket's actor; null for a member made over HTTP, and for one whose socket was lost a moment ago.</summary>
    public IActorRef? Connection { get; set; }

    public ConnectionId ConnectionId { get; set; }

    public string AddressTag { get; set; } = string.Empty;

    public string? TokenId { get; set; }

    public long JoinedAt { get; } = joinedAt;

    public long LastSeen { get; set; } = joinedAt;

    /// <summary>Whether its socket was lost and it may still be back.</summary>
    public bool IsAway { get; set; }
}
