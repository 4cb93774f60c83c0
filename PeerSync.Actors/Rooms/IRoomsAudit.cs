using PeerSync.Protocol.Rooms;

namespace PeerSync.Actors.Rooms;

/// <summary>The append-only record of who came and went, for the operator (Rooms contract, section 13).</summary>
/// <remarks>Thread-safe; returns at once. A fault of the storage is logged and counted, and never reaches the caller.</remarks>
public interface IRoomsAudit
{
    /// <summary>Records something that happened.</summary>
    void Record(RoomsAuditEvent happened);
}

/// <summary>Something that happened in a room or to a token. Never holds a token, an address, or what members say.</summary>
/// <param name="Event">For example <c>joined</c>, <c>left</c>, <c>auth-refused</c>, <c>token-issued</c>.</param>
/// <param name="RoomId">The room, or null.</param>
/// <param name="UserId">Who, or null.</param>
public sealed record RoomsAuditEvent(string Event, string? RoomId, string? UserId)
{
    /// <summary>The form that the socket speaks.</summary>
    public RoomsForm Form { get; init; }

    /// <summary>The socket, or null.</summary>
    public string? ConnectionId { get; init; }

    /// <summary>Where it comes from, as a keyed hash, or null.</summary>
    public string? AddressTag { get; init; }

    /// <summary>The token's id, or null.</summary>
    public string? TokenId { get; init; }

    /// <summary>Why, for what was refused or ended; or null.</summary>
    public string? Reason { get; init; }
}
