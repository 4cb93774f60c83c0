using System.Text.Json;
using System.Text.Json.Serialization;

namespace PeerSync.Host.Sharing.Description;

// Answers are written, and requests read, member by member; these are their forms for the OpenAPI documents. Some names are those that the product's
// own document has.

/// <summary>A fault. Clients show the text.</summary>
internal sealed record ErrorSchema(string Error);

/// <summary>That it was done.</summary>
internal sealed record OkSchema(bool Ok);

/// <summary>That the server is there.</summary>
internal sealed record RunningSchema(
    bool Success, RunningDataSchema Data, string Message, DateTimeOffset Timestamp, string RequestId, IReadOnlyDictionary<string, string> Meta);

/// <summary>What is running.</summary>
internal sealed record RunningDataSchema(string Status, DateTimeOffset Timestamp, string Version);

/// <summary>Whether what the server depends on is well.</summary>
internal sealed record HealthCheckSchema(HealthCheckDataSchema Data);

/// <summary>The server's state: <c>healthy</c> or <c>unhealthy</c>, seconds, megabytes and microseconds.</summary>
internal sealed record HealthCheckDataSchema(
    string Status, DateTimeOffset Timestamp, double Uptime, HealthCheckMemorySchema MemoryUsage, HealthCheckCpuSchema CpuUsage);

/// <summary>Memory in megabytes.</summary>
internal sealed record HealthCheckMemorySchema(long HeapUsed, long HeapTotal, long External);

/// <summary>Processor time in microseconds.</summary>
internal sealed record HealthCheckCpuSchema(long System, long User);

/// <summary>A public JSON Web Key on P-256 (RFC 7517).</summary>
internal sealed record PublicKeySchema(
    string Kty, string Crv, string X, string Y, bool? Ext, [property: JsonPropertyName("key_ops")] IReadOnlyList<string>? KeyOps);

/// <summary>A user.</summary>
internal sealed record UserPublic(
    string Id, string Name, string Email, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? AvatarUrl);

/// <summary>A new login's tokens.</summary>
internal sealed record TokensSchema(string Access, string Refresh);

/// <summary>Who has logged in, with its tokens.</summary>
internal sealed record LoginSchema(UserPublic User, TokensSchema Tokens);

/// <summary>The name of whom to log in as.</summary>
internal sealed record DevLoginSchema(string Name);

/// <summary>Where to log in.</summary>
internal sealed record AuthorizeSchema(string Url);

/// <summary>The key that a handshake's answer is sealed for.</summary>
internal sealed record HandshakeInitSchema(PublicKeySchema ClientPublicKeyJwk);

/// <summary>A handshake.</summary>
internal sealed record HandshakeSchema(string HandshakeId, long ExpiresInMs);

/// <summary>Sealed tokens: AES-256-GCM under the x coordinate of ECDH, with the tag at the end.</summary>
internal sealed record SealedSchema(string IvB64u, string CiphertextB64u);

/// <summary>What a handshake has brought.</summary>
internal sealed record HandshakeResultSchema(bool Ready, PublicKeySchema? ServerPublicKeyJwk, SealedSchema? Payload);

/// <summary>The end of a login in the browser: for a handshake with the server's key, otherwise with the tokens themselves.</summary>
internal sealed record CallbackSchema(
    bool? Ok, string? HandshakeId, PublicKeySchema? ServerPublicKeyJwk, UserPublic? User, TokensSchema? Tokens);

/// <summary>A login with a token of GitHub.</summary>
internal sealed record LoginWithTokenSchema(string Provider, string AccessToken, HandshakeInitSchema Handshake);

/// <summary>The sealed tokens of a login.</summary>
internal sealed record SealedLoginSchema(string HandshakeId, PublicKeySchema ServerPublicKeyJwk, SealedSchema Payload);

/// <summary>A refresh token; it may be the bearer instead.</summary>
internal sealed record RefreshSchema(string Refresh);

/// <summary>New tokens.</summary>
internal sealed record RefreshedSchema(TokensSchema Tokens);

/// <summary>The logins of a user.</summary>
internal sealed record SessionListSchema(IReadOnlyList<JsonElement> Sessions);

/// <summary>A device's public keys.</summary>
internal sealed record KeysRegisterSchema(string DeviceId, PublicKeySchema EncryptionPublicKeyJwk, PublicKeySchema? SigningPublicKeyJwk, string? Algorithm);

/// <summary>One of the caller's devices.</summary>
internal sealed record DeviceKeySummary(
    string DeviceId,
    PublicKeySchema EncryptionPublicKeyJwk,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] PublicKeySchema? SigningPublicKeyJwk,
    DateTimeOffset CreatedAt,
    bool IsPrimary,
    string Fingerprint);

/// <summary>The caller's devices, oldest first: the first one is the primary.</summary>
internal sealed record DeviceListSchema(IReadOnlyList<DeviceKeySummary> Devices);

/// <summary>A device to wrap a key for.</summary>
internal sealed record RecipientSchema(
    string UserId, string DeviceId, PublicKeySchema EncryptionPublicKeyJwk, PublicKeySchema? SigningPublicKeyJwk, string Fingerprint);

/// <summary>The devices of a team's members.</summary>
internal sealed record RecipientListSchema(IReadOnlyList<RecipientSchema> Recipients);

/// <summary>What one window leaves for the next, sealed under a key that the server does not get.</summary>
internal sealed record PairingInitSchema(string DeviceId, string IvB64u, string CiphertextB64u, long? TtlMs);

/// <summary>A token.</summary>
internal sealed record TokenSchema(string Token);

/// <summary>A team.</summary>
internal sealed record TeamSchema(string Id, string Name, string Slug, string OwnerId);

/// <summary>Who the caller is, its teams, and their members by team.</summary>
internal sealed record MyTeamsSchema(
    UserIdSchema User, IReadOnlyList<TeamSchema> Teams, IReadOnlyDictionary<string, IReadOnlyList<UserPublic>> MembersByTeam);

/// <summary>A user's id.</summary>
internal sealed record UserIdSchema(string Id);

/// <summary>A team with what its owner may set.</summary>
internal sealed record TeamDetailSchema(
    string Id,
    string Name,
    string Slug,
    string OwnerId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? RetentionDays,
    DateTimeOffset CreatedAt,
    IReadOnlyList<TeamMemberSchema>? Members);

/// <summary>A member with its role, <c>OWNER</c> or <c>MEMBER</c>.</summary>
internal sealed record TeamMemberSchema(
    string Id,
    string Name,
    string Email,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? AvatarUrl,
    string Role,
    DateTimeOffset JoinedAt);

/// <summary>A new team.</summary>
internal sealed record TeamNameSchema(string Name);

/// <summary>A change of a team: at least one of the two. Days of null are those of the server's settings.</summary>
internal sealed record TeamChangeSchema(string? Name, int? RetentionDays);

/// <summary>The member that is to own the team.</summary>
internal sealed record TeamTransferSchema(string UserId);

/// <summary>An invitation as its maker sees it, once.</summary>
internal sealed record InvitationMadeSchema(string Token, string Id, DateTimeOffset ExpiresAt, string Link);

/// <summary>An invitation: <c>open</c>, <c>accepted</c>, <c>revoked</c> or <c>expired</c>.</summary>
internal sealed record InvitationSchema(
    string Id,
    string InviterId,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    string State,
    string? AcceptedBy,
    DateTimeOffset? AcceptedAt,
    DateTimeOffset? RevokedAt);

/// <summary>A team's invitations.</summary>
internal sealed record InvitationListSchema(IReadOnlyList<InvitationSchema> Items);

/// <summary>What was done, by whom and to whom.</summary>
internal sealed record AuditEntrySchema(
    string Id,
    DateTimeOffset At,
    string Action,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? ActorId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? SubjectId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Detail);

/// <summary>A page of the audit trail.</summary>
internal sealed record AuditPageSchema(IReadOnlyList<AuditEntrySchema> Items, string? NextCursor);

/// <summary>A content key, wrapped for one device.</summary>
internal sealed record WrappedKeySchema(
    string RecipientUserId, string RecipientDeviceId, JsonElement SenderEphemeralPublicKeyJwk, string WrappedCekB64u, string WrapIvB64u);

/// <summary>Wrapped keys.</summary>
internal sealed record WrappedKeysSchema(IReadOnlyList<WrappedKeySchema> WrappedKeys);

/// <summary>A device that misses a wrapped key.</summary>
internal sealed record WrapRequestSchema(string? DeviceId);

/// <summary>What a client says of a share: the members that are named here, and any others.</summary>
internal sealed record ShareMetadataSchema(string? Title, string? TeamId)
{
    /// <summary>What else a client has said.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Others { get; init; }
}

/// <summary>A share: the content is encrypted, the metadata is not.</summary>
internal sealed record CodeShareSchema(
    string CiphertextB64u,
    string IvB64u,
    string? Aad,
    IReadOnlyList<WrappedKeySchema> WrappedKeys,
    ShareMetadataSchema? Metadata,
    DateTimeOffset? ExpiresAt,
    long? ExpiresInMs);

/// <summary>An id.</summary>
internal sealed record IdSchema(string Id);

/// <summary>A share with its content.</summary>
internal sealed record CodeShareDetailSchema(
    int Ver,
    string Alg,
    string Id,
    string AuthorId,
    string AuthorName,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    string CiphertextB64u,
    string IvB64u,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Aad,
    IReadOnlyList<WrappedKeySchema> WrappedKeys,
    ShareMetadataSchema Metadata);

/// <summary>A share in a list.</summary>
internal sealed record CodeShareListItem(
    string Id,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    string AuthorId,
    string AuthorName,
    ShareMetadataSchema Metadata,
    IReadOnlyList<WrappedKeySchema>? WrappedKeys);

/// <summary>A page of shares, newest first.</summary>
internal sealed record ListTeamRecentSchema(IReadOnlyList<CodeShareListItem> Items, string? NextCursor);

/// <summary>A share of the caller's, with the devices that have no wrapped key of it.</summary>
internal sealed record MissingWrapsSchema(string Id, string? TeamId, IReadOnlyList<RecipientSchema> Recipients);

/// <summary>A page of them.</summary>
internal sealed record MissingWrapsPageSchema(IReadOnlyList<MissingWrapsSchema> Items, string? NextCursor);

/// <summary>Where the feed can be had.</summary>
internal sealed record RealtimeSchema(RealtimeRespSchema? Resp, string Websocket, string Sse);

/// <summary>The RESP listener.</summary>
internal sealed record RealtimeRespSchema(int Port, bool Tls, string Channel);

/// <summary>Who is there.</summary>
internal sealed record OnlineSchema(IReadOnlyList<string> Online);
