namespace PeerSync.Protocol.Rooms;

/// <summary>A member of a room, as lists show it.</summary>
/// <param name="UserId">Who.</param>
/// <param name="UserName">The name for display; null when none was told.</param>
/// <param name="IsHost">Whether this is the room's host.</param>
/// <param name="ConnectedAt">When it joined, in Unix milliseconds.</param>
/// <param name="LastHeartbeat">When it last gave a sign of life, in Unix milliseconds.</param>
/// <param name="Form">The form that it speaks; <see cref="RoomsForm.Undecided"/> for members without a socket.</param>
public sealed record RoomPeer(string UserId, string? UserName, bool IsHost, long ConnectedAt, long LastHeartbeat, RoomsForm Form);
