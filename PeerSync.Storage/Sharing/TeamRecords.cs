namespace PeerSync.Storage.Sharing;

/// <summary>A team.</summary>
/// <param name="Id">Its name in the database.</param>
/// <param name="Name">What its members read, 1 to <see cref="MaxNameLength"/> characters.</param>
/// <param name="Slug">Its name in addresses; no two teams have the same.</param>
/// <param name="OwnerId">The member who may change it.</param>
/// <param name="RetentionDays">For how many days shares are kept, 1 to <see cref="MaxRetentionDays"/>; null for as long as the server's settings say.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record SharingTeam(string Id, string Name, string Slug, string OwnerId, int? RetentionDays, DateTimeOffset CreatedAt)
{
    /// <summary>The longest name, in UTF-16 units.</summary>
    public const int MaxNameLength = 255;

    /// <summary>The longest time that shares can be kept for, in days.</summary>
    public const int MaxRetentionDays = 3650;
}

/// <summary>A member of a team.</summary>
/// <param name="UserId">Who it is.</param>
/// <param name="Name">The user's name.</param>
/// <param name="Email">The user's mail address.</param>
/// <param name="AvatarUrl">The user's picture, or null.</param>
/// <param name="IsOwner">Whether the member owns the team.</param>
/// <param name="JoinedAt">Since when.</param>
public sealed record SharingMember(string UserId, string Name, string Email, string? AvatarUrl, bool IsOwner, DateTimeOffset JoinedAt);

/// <summary>A team and who is in it.</summary>
/// <param name="Team">The team.</param>
/// <param name="Members">Its members, by when they joined.</param>
public sealed record SharingTeamMembers(SharingTeam Team, IReadOnlyList<SharingMember> Members);

/// <summary>What to change about a team; what is null stays as it is.</summary>
/// <param name="Name">The new name, 1 to <see cref="SharingTeam.MaxNameLength"/> characters.</param>
/// <param name="OwnerId">The member who owns the team from then on.</param>
/// <param name="RetentionDays">1 to <see cref="SharingTeam.MaxRetentionDays"/>, or 0 for as long as the server's settings say.</param>
public sealed record SharingTeamChange(string? Name = null, string? OwnerId = null, int? RetentionDays = null);

/// <summary>How many of what there may be.</summary>
/// <param name="TeamsPerUser">Teams that a user can be in.</param>
/// <param name="MembersPerTeam">Members of a team.</param>
/// <param name="PendingInvitations">Invitations of a team that nobody has used yet.</param>
public sealed record SharingTeamLimits(int TeamsPerUser, int MembersPerTeam, int PendingInvitations);

/// <summary>What became of a request about a team.</summary>
public enum SharingTeamStatus
{
    /// <summary>It was done, or nothing was left to do.</summary>
    Done,

    /// <summary>There is no such team.</summary>
    UnknownTeam,

    /// <summary>The team is there, and the caller may not do this to it.</summary>
    Forbidden,

    /// <summary>There is no such member, or no such user.</summary>
    UnknownMember,

    /// <summary>The owner cannot leave; somebody else has to own the team first.</summary>
    IsOwner,

    /// <summary>The user is in as many teams as are allowed.</summary>
    TooManyTeams,

    /// <summary>The team has as many members as are allowed.</summary>
    TooManyMembers,

    /// <summary>The team has as many unused invitations as are allowed.</summary>
    TooManyInvitations,

    /// <summary>There is no such invitation.</summary>
    UnknownInvitation,

    /// <summary>The invitation's time is over, it was taken back, or somebody else has used it.</summary>
    InvalidInvitation,
}

/// <summary>What became of a request about a team.</summary>
/// <param name="Status">The outcome.</param>
/// <param name="Team">The team as it is afterwards, where there is one and the caller may see it.</param>
/// <param name="Event">What to tell, or null.</param>
public sealed record SharingTeamOutcome(SharingTeamStatus Status, SharingTeam? Team = null, SharingEvent? Event = null);

/// <summary>An invitation, without its token.</summary>
/// <param name="Id">Its name.</param>
/// <param name="InviterId">Who made it.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="ExpiresAt">When its time is over.</param>
/// <param name="AcceptedBy">Who has used it, or null.</param>
/// <param name="AcceptedAt">When it was used, or null.</param>
/// <param name="RevokedAt">When it was taken back, or null.</param>
public sealed record SharingInvitation(
    string Id, string InviterId, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, string? AcceptedBy, DateTimeOffset? AcceptedAt, DateTimeOffset? RevokedAt);

/// <summary>What became of the wish for an invitation.</summary>
/// <param name="Status">The outcome.</param>
/// <param name="Invitation">The invitation, or null.</param>
/// <param name="Token">Its token, 32 characters of base64url, which nobody can read later; or null.</param>
public sealed record SharingNewInvitation(SharingTeamStatus Status, SharingInvitation? Invitation = null, string? Token = null);

/// <summary>A team's invitations.</summary>
/// <param name="Status">The outcome.</param>
/// <param name="Invitations">The newest first; empty unless <see cref="SharingTeamStatus.Done"/>.</param>
public sealed record SharingInvitationList(SharingTeamStatus Status, IReadOnlyList<SharingInvitation> Invitations);

/// <summary>A page of the audit log.</summary>
/// <param name="Status">The outcome.</param>
/// <param name="Records">The newest first; empty unless <see cref="SharingTeamStatus.Done"/>.</param>
public sealed record SharingAuditPage(SharingTeamStatus Status, IReadOnlyList<AuditRecord> Records);
