using System.Text.Json;
using System.Text.Json.Serialization;
using PeerSync.Host.Health;

namespace PeerSync.Host.Rooms;

// The answers are written member by member; these are their forms for the OpenAPI document, which a test holds the answers to.

/// <summary>A member of a room, with the names that either of the product's servers gave it.</summary>
internal sealed record RoomMember(
    string UserId, string? UserName, bool IsHost, long ConnectedAt, long LastHeartbeat, string Id, string Name, long JoinedAt);

/// <summary>A room as the list shows it.</summary>
internal sealed record ListedRoom(
    string Id,
    string Name,
    string RoomId,
    string RoomName,
    string HostId,
    int PeerCount,
    string State,
    long CreatedAt,
    long LastActivity,
    IReadOnlyList<RoomMember> Peers);

/// <summary>The list of rooms.</summary>
internal sealed record RoomsListed(int Count, IReadOnlyList<ListedRoom> Rooms, long Timestamp);

/// <summary>What a room is.</summary>
internal sealed record RoomMetadataForm(
    string RoomId,
    string RoomName,
    string HostId,
    string HostName,
    string? FileId,
    string? Content,
    long? Version,
    int PeerCount,
    string State,
    long CreatedAt,
    long LastActivity,
    IReadOnlyList<RoomMember> Peers);

/// <summary>A room that was made, or joined.</summary>
internal sealed record RoomAnswer(
    string RoomId,
    string RoomName,
    string HostId,
    string HostName,
    string? FileId,
    string? Content,
    long? Version,
    int PeerCount,
    string State,
    long CreatedAt,
    long LastActivity,
    IReadOnlyList<RoomMember> Peers,
    string? Message,
    string? UserId,
    RoomMetadataForm? Room,
    long Timestamp);

/// <summary>A room in the spelling of the editor's workbench.</summary>
internal sealed record WorkbenchRoom(
    string Id,
    [property: JsonPropertyName("room_id")] string RoomId,
    string Name,
    [property: JsonPropertyName("file_id")] string FileId,
    string Host,
    string Content,
    long Version,
    [property: JsonPropertyName("created_at")] string CreatedAt,
    [property: JsonPropertyName("updated_at")] string UpdatedAt);

/// <summary>A room in both spellings, beside which is what was done.</summary>
internal sealed record RoomCreated(string Message, JsonElement Data, long Timestamp);

/// <summary>All that is known of a room, in both spellings.</summary>
internal sealed record RoomShown(
    RoomMetadataForm Metadata,
    RoomStatistics Stats,
    WorkbenchRoom Data,
    string Id,
    [property: JsonPropertyName("room_id")] string RoomId,
    string Name,
    [property: JsonPropertyName("file_id")] string FileIdBeside,
    string Host,
    string Content,
    long Version,
    [property: JsonPropertyName("created_at")] string CreatedAtBeside,
    [property: JsonPropertyName("updated_at")] string UpdatedAt,
    string? FileId,
    long CreatedAt,
    int PeerCount,
    IReadOnlyList<RoomMember> Peers,
    long Timestamp);

/// <summary>What a room has done.</summary>
internal sealed record RoomStatistics(
    string RoomId, int PeerCount, long OperationCount, RoomBandwidth Bandwidth, long CreatedAt, long LastActivity, long? Timestamp);

/// <summary>What went through the server: nothing, as members talk to each other.</summary>
internal sealed record RoomBandwidth(long Sent, long Received, string Note);

/// <summary>A room's members.</summary>
internal sealed record RoomMembers(string RoomId, int PeerCount, IReadOnlyList<RoomMember> Peers, long Timestamp);

/// <summary>A request to make a room whose id the server chooses.</summary>
internal sealed record NamedRoomRequest(string RoomName, string? HostId, string? HostName, string? FileId, string? Content, long? Version);

/// <summary>A request to make a room. Every member may be written in snake case as well.</summary>
internal sealed record RoomRequest(
    string RoomId, string? HostId, string? RoomName, string? Name, string? FileId, string? Content, long? Version, string? Host, string? HostName);

/// <summary>A request that names a member. Every member may be written in snake case as well.</summary>
internal sealed record RoomMemberRequest(string UserId, string? UserName);

/// <summary>An operation. Every member may be written in snake case as well.</summary>
internal sealed record RoomOperationRequest(string UserId, string OperationId, string? Data);

/// <summary>What was done with a member or an operation.</summary>
internal sealed record RoomsDone(string Message, string RoomId, string? UserId, string? OperationId, long Timestamp);

/// <summary>An operation as it is listed.</summary>
internal sealed record RoomOperationListed(
    [property: JsonPropertyName("operation_id")] string OperationId,
    [property: JsonPropertyName("user_id")] string UserId,
    [property: JsonPropertyName("user_name")] string? UserName,
    string Data,
    long Version,
    long Timestamp);

/// <summary>That it was done.</summary>
internal sealed record RoomsSuccess(bool Success, long Timestamp);

/// <summary>A fault.</summary>
internal sealed record RoomsFault(string Error, string? Code, string? Message, string? RoomId, IReadOnlyList<string>? Required, long Timestamp);

/// <summary>A request for a token: for a user in a room (Rooms), or without members for the caller (Sync).</summary>
internal sealed record RoomTokenRequest(string? UserId, string? RoomId);

/// <summary>A token: for a room with all members, for a caller of Sync with the first three, where both times are of other types.</summary>
internal sealed record RoomTokenIssued(
    string Token, JsonElement ExpiresAt, JsonElement ExpiresIn, string? Status, string? UserId, string? RoomId, string? Message, long? Timestamp);

/// <summary>A token and whom it is said to name.</summary>
internal sealed record RoomTokenQuestion(string Token, string UserId, string RoomId);

/// <summary>Whether a token holds.</summary>
internal sealed record RoomTokenVerdict(bool Valid, string? Error);

/// <summary>The token that is to end, or its id.</summary>
internal sealed record RoomTokenRevocation(string? Token, string? TokenId, string? RoomId);

/// <summary>The token that has ended.</summary>
internal sealed record RoomTokenRevoked(bool Revoked, string TokenId, bool WasMember, long Timestamp);

/// <summary>Servers as <c>RTCPeerConnection</c> takes them.</summary>
internal sealed record IceServerList(IReadOnlyList<IceServerForm> IceServers, long Timestamp);

/// <summary>One server.</summary>
internal sealed record IceServerForm(IReadOnlyList<string> Urls, string? Username, string? Credential);

/// <summary>What the server is.</summary>
internal sealed record RoomsRoot(string Name, string Status, string Version, long Rooms, string Docs);

/// <summary>What the server does.</summary>
internal sealed record RoomsInfo(string Name, string Version, string Description, IReadOnlyList<string> Features, IReadOnlyList<RoomsInfoRoute> Endpoints);

/// <summary>A route.</summary>
internal sealed record RoomsInfoRoute(string Path, string Method, string Description);

/// <summary>What the server is doing.</summary>
internal sealed record RoomsServerStatistics(
    RoomsServerState Server,
    MemoryAnswer Memory,
    IReadOnlyDictionary<string, double> Thresholds,
    IReadOnlyDictionary<string, long> Cpu,
    JsonElement Operations,
    long Timestamp);

/// <summary>How much there is.</summary>
internal sealed record RoomsServerState(long Uptime, long ActiveRooms, long TotalConnections, long ConnectedClients);

/// <summary>What a sweep has removed.</summary>
internal sealed record RoomsSwept(string Message, int Before, int After, int Cleaned, long Timestamp);

/// <summary>What a collection has freed, in megabytes.</summary>
internal sealed record RoomsCollected(string Message, MemoryAnswer Before, MemoryAnswer After, long Freed, long Timestamp);

/// <summary>An entry of the audit trail.</summary>
internal sealed record RoomsAuditEntry(
    string At,
    string Event,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? RoomId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? UserId)
{
    /// <summary>What the event says of itself.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Others { get; init; }
}

/// <summary>A page of the audit trail.</summary>
internal sealed record RoomsAuditPage(IReadOnlyList<RoomsAuditEntry> Records, long Timestamp);
