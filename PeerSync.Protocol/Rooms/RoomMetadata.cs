namespace PeerSync.Protocol.Rooms;

/// <summary>A room as it is shown to its members and over HTTP (Rooms contract, section 5).</summary>
/// <param name="RoomId">Its name on the wire.</param>
/// <param name="RoomName">The name for display.</param>
/// <param name="HostId">Who is its host; empty when nobody is.</param>
/// <param name="HostName">The host's name for display.</param>
/// <param name="FileId">The document that it was made for, or null.</param>
/// <param name="Content">The document's content as told when it was made, or null.</param>
/// <param name="Version">The document's version, or null.</param>
/// <param name="State"><c>active</c> or <c>idle</c>.</param>
/// <param name="CreatedAt">In Unix milliseconds.</param>
/// <param name="LastActivity">When somebody last came, left or gave a heartbeat, in Unix milliseconds.</param>
/// <param name="Peers">The members, the earliest first.</param>
public sealed record RoomMetadata(
    string RoomId,
    string RoomName,
    string HostId,
    string HostName,
    string? FileId,
    string? Content,
    long? Version,
    string State,
    long CreatedAt,
    long LastActivity,
    IReadOnlyList<RoomPeer> Peers);
