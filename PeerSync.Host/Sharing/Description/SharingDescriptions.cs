using PeerSync.Host.OpenApi;

namespace PeerSync.Host.Sharing.Description;

/// <summary>What the OpenAPI documents say of this feature's routes.</summary>
internal static partial class SharingDescriptions
{
    /// <summary>How a route is described; null for one that is not known here.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path below the base path.</param>
    public static Func<RouteDescription>? Find(string method, string path) => (method, path) switch
    {
        ("GET", "") => Root,
        ("GET", "/health/health") => Health,
        ("GET", "/auth/github") => GitHub,
        ("GET", "/auth/callback") => Callback,
        ("POST", "/auth/handshake/init") => HandshakeInit,
        ("GET", "/auth/handshake/retrieve") => HandshakeRetrieve,
        ("POST", "/auth/login-with-token") => LoginWithToken,
        ("POST", "/auth/dev-login") => DevLogin,
        ("POST", "/auth/refresh") => Refresh,
        ("POST", "/protected/auth/logout") => LogOut,
        ("POST", "/protected/auth/logout-all") => LogOutEverywhere,
        ("GET", "/protected/auth/sessions") => ListSessions,
        ("DELETE", "/protected/auth/sessions/{id}" or "/protected/auth/sessions/{sessionId}") => EndSession,
        ("POST", "/protected/keys/register") => Register,
        ("GET", "/protected/keys/me") => MyDevices,
        ("GET", "/protected/keys/team/default") => DefaultRecipients,
        ("GET", "/protected/keys/team/{teamId}") => TeamRecipients,
        ("POST", "/protected/keys/pairing/init") => PairingInit,
        ("POST", "/protected/keys/pairing/claim") => PairingClaim,
        ("DELETE", "/protected/keys/device/{deviceId}") => RemoveDevice,
        ("DELETE", "/protected/keys/device/{deviceId}/force") => ForceRemoveDevice,
        ("GET", "/protected/teams/me") => MyTeams,
        ("POST", "/protected/teams") => CreateTeam,
        ("GET", "/protected/teams/{teamId}") => ShowTeam,
        ("PATCH", "/protected/teams/{teamId}") => ChangeTeam,
        ("DELETE", "/protected/teams/{teamId}") => DeleteTeam,
        ("POST", "/protected/teams/{teamId}/transfer") => TransferTeam,
        ("POST", "/protected/teams/{teamId}/leave") => LeaveTeam,
        ("DELETE", "/protected/teams/{teamId}/remove-member/{userId}") => RemoveMember,
        ("POST", "/protected/teams/{teamId}/invite") => Invite,
        ("POST", "/protected/teams/invite/{inviteToken}") => AcceptInvitation,
        ("GET", "/protected/teams/{teamId}/invitations") => ListInvitations,
        ("DELETE", "/protected/teams/{teamId}/invitations/{invitationId}") => RevokeInvitation,
        ("GET", "/invite/{inviteToken}") => ExplainInvitation,
        ("GET", "/protected/teams/{teamId}/audit") => TeamAudit,
        ("GET", "/protected/audit") => OwnAudit,
        ("POST", "/protected/code-share/share") => Share,
        ("GET", "/protected/code-share/team/list") => ListTeam,
        ("GET", "/protected/code-share/team/{teamId}/by-author/{userId}") => ListByAuthor,
        ("GET", "/protected/code-share/dm/with/{userId}") => ListDirect,
        ("GET", "/protected/code-share/missing-wraps") => MissingWraps,
        ("GET", "/protected/code-share/{id}") => ShowShare,
        ("DELETE", "/protected/code-share/{id}") => DeleteShare,
        ("POST", "/protected/code-share/{id}/add-wrapped-keys") => AddWrappedKeys,
        ("POST", "/protected/code-share/{id}/request-wraps") => RequestWraps,
        ("GET", "/realtime") => Realtime,
        ("GET", "/protected/realtime") => Listen,
        ("GET", "/protected/realtime/presence") => Presence,
        _ => null,
    };

    private static RouteDescription Open(string operationId, string tag, string summary) => new RouteDescription(operationId, tag, summary).Limited();

    private static RouteDescription Protected(string operationId, string tag, string summary) => new RouteDescription(operationId, tag, summary)
        .For(RouteAccess.Bearer)
        .AnswersText(401, "There is no valid access token: the text `Unauthorized`")
        .Limited()
        .AnswersText(503, "The database is away: the text `Service Unavailable`");

    private static RouteDescription Limited(this RouteDescription description) =>
        description.AnswersText(429, "Too many requests; Retry-After says how many seconds to wait");

    private static RouteDescription Refuses(this RouteDescription description, int status, string when) => description.Answers<ErrorSchema>(status, when);

    private static RouteDescription Done(this RouteDescription description, string when) => description.Answers<OkSchema>(200, when);
}
