namespace PeerSync.Storage.Sharing;

/// <summary>Code shares and their wrapped keys (Sharing contract, section 5).</summary>
/// <remarks>
/// Thread-safe. An id that nobody has, whatever its text, finds nothing. A share may be read by its author, by those who have a wrapped key for it, and by the
/// members of its team; for everybody else, and after its time, it does not exist. Every method throws <see cref="StorageUnavailableException"/> where the
/// database does not answer.
/// </remarks>
public interface ISharingShares
{
    /// <summary>Makes a share, counts it against the author's quota, writes the audit log, and appends an event for its readers: all of it or nothing.</summary>
    /// <param name="share">The share.</param>
    /// <param name="limits">What the author's shares may come to.</param>
    /// <param name="compose">Composes the event. It is called inside the operation, perhaps twice, and does nothing else.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<ShareCreation> CreateAsync(NewShare share, ShareLimits limits, Func<ShareNames, SharingEventText> compose, CancellationToken cancellationToken);

    /// <summary>Finds a share for somebody who may read it.</summary>
    /// <param name="id">The share.</param>
    /// <param name="userId">Who asks.</param>
    /// <param name="maxSize">Up to what <see cref="StoredShare.Size"/> the content comes with it.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Null where there is none for this user.</returns>
    Task<StoredShare?> FindAsync(string id, string userId, long maxSize, CancellationToken cancellationToken);

    /// <summary>Adds wrapped keys behind those that a share has. Of those who do so at once each adds its own.</summary>
    /// <param name="id">The share.</param>
    /// <param name="userId">Who adds them: only the author may.</param>
    /// <param name="wraps">The wrapped keys.</param>
    /// <param name="limits">What the author's shares may come to.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<ShareWriteStatus> AppendWrapsAsync(string id, string userId, ShareWraps wraps, ShareLimits limits, CancellationToken cancellationToken);

    /// <summary>Reads the shares of a team, with their wrapped keys.</summary>
    /// <param name="userId">Who asks.</param>
    /// <param name="teamId">The team; null for the user's own, or else the one that the user has belonged to for longest.</param>
    /// <param name="page">Which part.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Null where the user does not belong to the team; an empty page where no team is named and there is none.</returns>
    Task<SharePage?> ListTeamAsync(string userId, string? teamId, SharePageRequest page, CancellationToken cancellationToken);

    /// <summary>Reads the shares of a team that one user has written, without their wrapped keys.</summary>
    /// <param name="userId">Who asks.</param>
    /// <param name="teamId">The team.</param>
    /// <param name="authorId">The author.</param>
    /// <param name="page">Which part.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Null where the user does not belong to the team.</returns>
    Task<SharePage?> ListByAuthorAsync(string userId, string teamId, string authorId, SharePageRequest page, CancellationToken cancellationToken);

    /// <summary>Reads the direct messages between two users, without their wrapped keys: one of the two has written them, and the other has a wrapped key.</summary>
    /// <param name="userId">Who asks.</param>
    /// <param name="otherId">The other one; also the user itself.</param>
    /// <param name="page">Which part.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<SharePage> ListDirectAsync(string userId, string otherId, SharePageRequest page, CancellationToken cancellationToken);

    /// <summary>
    /// Reads which devices cannot read an author's shares: those of the team's members, or of the recipients of a direct message who still share a team with the
    /// author, and the author's own.
    /// </summary>
    /// <param name="authorId">The author, who asks.</param>
    /// <param name="page">Which part.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<MissingWrapsPage> ListMissingAsync(string authorId, SharePageRequest page, CancellationToken cancellationToken);

    /// <summary>Asks the author of a share for wrapped keys, by an event.</summary>
    /// <param name="id">The share.</param>
    /// <param name="userId">Who asks: anybody who may read the share.</param>
    /// <param name="text">The event.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<ShareOutcome> RequestWrapsAsync(string id, string userId, SharingEventText text, CancellationToken cancellationToken);

    /// <summary>Deletes a share, gives its bytes back to the author's quota, writes the audit log, and appends an event for those who could read it.</summary>
    /// <param name="id">The share.</param>
    /// <param name="userId">Who deletes it: its author, or the owner of its team. Others who may read it are forbidden to.</param>
    /// <param name="compose">Composes the event from the share's team. It is called inside the operation, perhaps twice, and does nothing else.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<ShareOutcome> DeleteAsync(string id, string userId, Func<string?, SharingEventText> compose, CancellationToken cancellationToken);

    /// <summary>Deletes shares whose time has come, and those that were kept for as long as their team says, or as the server does where the team says nothing.</summary>
    /// <param name="retention">How long the server keeps shares, more than zero; null for ever.</param>
    /// <param name="batch">How many at once, 1 to 10,000.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>How many were deleted.</returns>
    Task<int> DeleteExpiredAsync(TimeSpan? retention, int batch, CancellationToken cancellationToken);
}
