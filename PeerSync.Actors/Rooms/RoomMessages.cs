using PeerSync.Protocol.Connections;
using PeerSync.Protocol.Rooms;

namespace PeerSync.Actors.Rooms;

/// <summary>A message for one room.</summary>
public interface IRoomMessage : IEntityMessage
{
    /// <summary>The room, by its name on the wire.</summary>
    string RoomId { get; }
}

/// <summary>How somebody enters a room.</summary>
public enum RoomEntry
{
    /// <summary>Only if it exists.</summary>
    Join,

    /// <summary>Only if it does not exist.</summary>
    Create,

    /// <summary>Whether it exists or not.</summary>
    JoinOrCreate,

    /// <summary>Only back into a membership whose socket was lost a moment ago.</summary>
    Resume,
}

/// <summary>What a room is called and made for; counts only where the room is made.</summary>
/// <param name="Name">The name for display; null takes the room's id.</param>
/// <param name="FileId">The document.</param>
/// <param name="Content">Its content.</param>
/// <param name="Version">Its version.</param>
/// <param name="HostName">The host's name for display; null takes the member's.</param>
public sealed record RoomDescription(string? Name, string? FileId, string? Content, long? Version, string? HostName)
{
    /// <summary>Says nothing.</summary>
    public static RoomDescription None { get; } = new(null, null, null, null, null);
}

/// <summary>
/// A socket's user enters. Answered with <see cref="RoomEntered"/> or <see cref="RoomRefused"/>; nothing for a <see cref="RoomEntry.Resume"/> that does not apply.
/// </summary>
/// <param name="RoomId">The room.</param>
/// <param name="UserId">Who.</param>
/// <param name="UserName">The name for display, or null.</param>
/// <param name="Form">The form that the socket speaks.</param>
/// <param name="ConnectionId">The socket.</param>
/// <param name="AddressTag">Where it comes from, as a keyed hash.</param>
/// <param name="TokenId">The token that proves the name; null without one.</param>
/// <param name="Entry">How.</param>
/// <param name="Description">Of the room, if it is made.</param>
public sealed record EnterRoom(
    string RoomId,
    string UserId,
    string? UserName,
    RoomsForm Form,
    ConnectionId ConnectionId,
    string AddressTag,
    string? TokenId,
    RoomEntry Entry,
    RoomDescription Description)
    : IRoomMessage;

/// <summary>A socket's user leaves, or the socket is gone.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="UserId">Who.</param>
/// <param name="ConnectionId">The socket; a member that has a newer one stays.</param>
/// <param name="IsLost">Whether the socket is gone without a word; it may be back within the grace of its form.</param>
public sealed record LeaveRoom(string RoomId, string UserId, ConnectionId ConnectionId, bool IsLost) : IRoomMessage;

/// <summary>A member's sign of life.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="UserId">Who.</param>
/// <param name="ConnectionId">The socket.</param>
public sealed record RoomHeartbeat(string RoomId, string UserId, ConnectionId ConnectionId) : IRoomMessage;

/// <summary>Makes a room over HTTP. Answered with <see cref="RoomDescribed"/>, or <see cref="RoomRefused"/> where it exists.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="HostId">The host, who becomes its first member without a socket; null makes nobody a member.</param>
/// <param name="Description">What it is called and made for.</param>
public sealed record CreateRoom(string RoomId, string? HostId, RoomDescription Description) : IRoomMessage;

/// <summary>Makes somebody a member over HTTP. Answered with <see cref="RoomDescribed"/> or <see cref="RoomRefused"/>.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="UserId">Who.</param>
/// <param name="UserName">The name for display.</param>
public sealed record AddMember(string RoomId, string UserId, string UserName) : IRoomMessage;

/// <summary>Takes a member out over HTTP. Answered with <see cref="RoomDone"/> in any case.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="UserId">Who.</param>
/// <param name="AddressTag">Where the request comes from: a member with a socket is taken out by whoever is at the socket's address.</param>
/// <param name="IsTrusted">Whether the request proves that it may: with the member's token or the operator's.</param>
public sealed record RemoveMember(string RoomId, string UserId, string AddressTag, bool IsTrusted) : IRoomMessage;

/// <summary>An operation of form D that came over HTTP. Answered with <see cref="RoomDone"/>; without effect unless its author is a member with a socket.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="UserId">The author.</param>
/// <param name="OperationId">Its own name.</param>
/// <param name="Data">What it does, as its author encoded it.</param>
public sealed record PostOperation(string RoomId, string UserId, string OperationId, string Data) : IRoomMessage;

/// <summary>Asks for a room. Answered with <see cref="RoomDescribed"/>.</summary>
/// <param name="RoomId">The room.</param>
public sealed record DescribeRoom(string RoomId) : IRoomMessage;

/// <summary>Asks for a room's latest operations. Answered with <see cref="RoomOperations"/>.</summary>
/// <param name="RoomId">The room.</param>
public sealed record ListOperations(string RoomId) : IRoomMessage;

/// <summary>Ends a room; its members are told that everybody has left. Answered with <see cref="RoomDone"/>.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="OnlyIf">Only where this is the host; null ends it in any case.</param>
public sealed record CloseRoom(string RoomId, string? OnlyIf) : IRoomMessage;

/// <summary>
/// Takes out members that gave no sign of life, and ends the room if nobody used it for long. Sent to every room at times; answered with <see cref="RoomDone"/>.
/// </summary>
/// <param name="RoomId">The room.</param>
public sealed record SweepRoom(string RoomId) : IRoomMessage;

/// <summary>Takes out the members that entered with a token, because it was revoked; their sockets are told. Answered with <see cref="RoomDone"/>.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="TokenId">The token.</param>
public sealed record EvictToken(string RoomId, string TokenId) : IRoomMessage;

/// <summary>Tells a socket that the token which its user entered with was revoked.</summary>
public sealed class TokenWasRevoked
{
    private TokenWasRevoked()
    {
    }

    /// <summary>The one instance.</summary>
    public static TokenWasRevoked Instance { get; } = new();
}

/// <summary>A socket's user has entered; its answer has been sent to it.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="UserId">Who.</param>
/// <param name="ConnectionId">The socket.</param>
public sealed record RoomEntered(string RoomId, string UserId, ConnectionId ConnectionId);

/// <summary>A room did not do what was asked.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="Error">Why.</param>
/// <param name="ConnectionId">The socket that asked; empty for requests over HTTP.</param>
/// <param name="IsMember">Whether the socket is a member's all the same, as it was before.</param>
public sealed record RoomRefused(string RoomId, RoomsError Error, ConnectionId ConnectionId, bool IsMember = false);

/// <summary>A room as it is.</summary>
/// <param name="Room">The room; null where there is none.</param>
public sealed record RoomDescribed(RoomMetadata? Room);

/// <summary>A room's latest operations, the oldest first.</summary>
/// <param name="Operations">At most a hundred.</param>
public sealed record RoomOperations(IReadOnlyList<StoredOperation> Operations);

/// <summary>An operation of form D.</summary>
/// <param name="OperationId">Its own name.</param>
/// <param name="UserId">Its author.</param>
/// <param name="UserName">The author's name for display.</param>
/// <param name="Data">What it does, as its author encoded it.</param>
/// <param name="Version">From 1, one more with each operation of the room.</param>
/// <param name="Timestamp">Unix milliseconds.</param>
public sealed record StoredOperation(string OperationId, string UserId, string UserName, string Data, long Version, long Timestamp);

/// <summary>A room did what was asked.</summary>
/// <param name="HadEffect">Whether anything changed.</param>
public sealed record RoomDone(bool HadEffect);

/// <summary>Tells a socket of form B who came, left or offered, before the frame that says so to its client: it must know whom later signals are for.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="UserId">Who.</param>
public sealed record RoomPeerEvent(RoomPeerEventKind Kind, string UserId);

/// <summary>What a <see cref="RoomPeerEvent"/> tells.</summary>
public enum RoomPeerEventKind
{
    /// <summary>Somebody has come.</summary>
    Joined,

    /// <summary>Somebody has left.</summary>
    Left,

    /// <summary>Somebody has sent an offer.</summary>
    Offered,
}
