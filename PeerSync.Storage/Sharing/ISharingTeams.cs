namespace PeerSync.Storage.Sharing;

/// <summary>Teams, their members and invitations, and what the audit log says of them (Sharing contract, section 4).</summary>
/// <remarks>
/// Thread-safe. A write has been committed durably when its task completes; each is one transaction with its audit entry and its event. Every method throws
/// <see cref="StorageUnavailableException"/> when the database fails and <see cref="OperationCanceledException"/> when cancelled. Ids that nothing can have are
/// unknown ids. A function that is given may be called more than once, and has no effects.
/// </remarks>
public interface ISharingTeams
{
    /// <summary>A user's teams, the oldest first. Who has none gets one of its own.</summary>
    /// <returns>The teams; empty where there is no such user.</returns>
    Task<IReadOnlyList<SharingTeamMembers>> ListAsync(string userId, CancellationToken cancellationToken);

    /// <summary>A team.</summary>
    /// <param name="teamId">The team.</param>
    /// <param name="userId">Who asks.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Null where the user is no member or the team is not known.</returns>
    Task<SharingTeamMembers?> FindAsync(string teamId, string userId, CancellationToken cancellationToken);

    /// <summary>Makes a team with one member.</summary>
    /// <param name="userId">Its owner.</param>
    /// <param name="name">1 to <see cref="SharingTeam.MaxNameLength"/> characters.</param>
    /// <param name="limits">How many teams a user can be in.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<SharingTeamOutcome> CreateAsync(string userId, string name, SharingTeamLimits limits, CancellationToken cancellationToken);

    /// <summary>Changes a team; its owner alone may.</summary>
    /// <param name="teamId">The team.</param>
    /// <param name="userId">Who asks.</param>
    /// <param name="change">What to change, all or nothing.</param>
    /// <param name="changed">What its members are told of the team as it is afterwards, where its name or owner changes.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<SharingTeamOutcome> ChangeAsync(
        string teamId, string userId, SharingTeamChange change, Func<SharingTeam, SharingEventText> changed, CancellationToken cancellationToken);

    /// <summary>Deletes a team with its shares and invitations; its owner alone may.</summary>
    /// <param name="teamId">The team.</param>
    /// <param name="userId">Who asks.</param>
    /// <param name="deleted">What is told to those who were members.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<SharingTeamOutcome> DeleteAsync(string teamId, string userId, SharingEventText deleted, CancellationToken cancellationToken);

    /// <summary>Takes a member out of a team: the owner may take any other one, and each member itself.</summary>
    /// <param name="teamId">The team.</param>
    /// <param name="memberId">Who leaves.</param>
    /// <param name="userId">Who asks.</param>
    /// <param name="removed">What is told to the members, those that stay and the one that leaves.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<SharingTeamOutcome> RemoveMemberAsync(
        string teamId, string memberId, string userId, SharingEventText removed, CancellationToken cancellationToken);

    /// <summary>Makes an invitation; the owner alone may.</summary>
    /// <param name="teamId">The team.</param>
    /// <param name="userId">Who asks.</param>
    /// <param name="lifetime">For how long it can be used, more than zero.</param>
    /// <param name="limits">How many unused ones there may be.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<SharingNewInvitation> InviteAsync(
        string teamId, string userId, TimeSpan lifetime, SharingTeamLimits limits, CancellationToken cancellationToken);

    /// <summary>A team's newest invitations, used, taken back and expired ones too while they are kept; the owner alone may.</summary>
    /// <param name="teamId">The team.</param>
    /// <param name="userId">Who asks.</param>
    /// <param name="limit">At most this many, 1 to 1,000.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<SharingInvitationList> ListInvitationsAsync(string teamId, string userId, int limit, CancellationToken cancellationToken);

    /// <summary>Takes an invitation back that nobody has used; the owner alone may. One that is taken back or expired already is left as it is.</summary>
    /// <param name="teamId">The team.</param>
    /// <param name="invitationId">The invitation.</param>
    /// <param name="userId">Who asks.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns><see cref="SharingTeamStatus.InvalidInvitation"/> where somebody has used it.</returns>
    Task<SharingTeamOutcome> RevokeInvitationAsync(string teamId, string invitationId, string userId, CancellationToken cancellationToken);

    /// <summary>Joins a team. An invitation lets one user in, who may come with it again while in the team; of several at once one gets in.</summary>
    /// <param name="token">The invitation's token.</param>
    /// <param name="userId">Who joins.</param>
    /// <param name="limits">How many teams and members there may be.</param>
    /// <param name="joined">What the members of a team with this id are told.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<SharingTeamOutcome> AcceptInvitationAsync(
        string token, string userId, SharingTeamLimits limits, Func<string, SharingEventText> joined, CancellationToken cancellationToken);

    /// <summary>What was done to a team, the newest first; the owner alone may read it.</summary>
    /// <param name="teamId">The team.</param>
    /// <param name="userId">Who asks.</param>
    /// <param name="before">Only entries with smaller ids; null for all.</param>
    /// <param name="limit">At most this many, 1 to 1,000.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<SharingAuditPage> ReadTeamAuditAsync(string teamId, string userId, long? before, int limit, CancellationToken cancellationToken);

    /// <summary>What a user did, and what was done to the user, the newest first.</summary>
    /// <inheritdoc cref="ReadTeamAuditAsync"/>
    Task<IReadOnlyList<AuditRecord>> ReadUserAuditAsync(string userId, long? before, int limit, CancellationToken cancellationToken);

    /// <summary>Deletes invitations that expired long ago, one batch in one transaction. Retention calls it until it returns less than a batch.</summary>
    /// <param name="keptFor">For how long they are kept to be listed, and to be refused with the reason; not negative.</param>
    /// <param name="batch">At most this many, 1 to 10,000.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>How many were deleted.</returns>
    Task<int> DeleteExpiredInvitationsAsync(TimeSpan keptFor, int batch, CancellationToken cancellationToken);
}
