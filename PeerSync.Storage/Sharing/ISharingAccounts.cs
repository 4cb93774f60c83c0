namespace PeerSync.Storage.Sharing;

/// <summary>Users and their logins.</summary>
/// <remarks>
/// Thread-safe. What a task reports as done is durable. Every method throws <see cref="StorageUnavailableException"/> where the database does not answer, and
/// <see cref="OperationCanceledException"/> when cancelled.
/// </remarks>
public interface ISharingAccounts
{
    /// <summary>Opens a session. At the first login of an account its user is made, with a team of the user's own, all or nothing.</summary>
    /// <param name="profile">Who logs in. Of a known account nothing is changed.</param>
    /// <param name="client">What the session list shows of the client, or null; cut after 255 characters.</param>
    /// <param name="lifetime">How long the session can be renewed.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<SharingLogin> LogInAsync(SharingProfile profile, string? client, TimeSpan lifetime, CancellationToken cancellationToken);

    /// <summary>A user, or null.</summary>
    Task<SharingUser?> FindUserAsync(string userId, CancellationToken cancellationToken);

    /// <summary>Whether a session of a user is there and has neither ended nor expired.</summary>
    Task<bool> IsSessionLiveAsync(string userId, string sessionId, CancellationToken cancellationToken);

    /// <summary>Renews a session. A refresh token of a former generation shows that two have it: the session ends.</summary>
    /// <param name="userId">Whose the token is.</param>
    /// <param name="sessionId">The session that it names.</param>
    /// <param name="generation">The generation that it names.</param>
    /// <param name="grace">For this long after a renewal the generation before it is taken once more: its holder may not have got the answer.</param>
    /// <param name="lifetime">How long the session can be renewed from here.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<SharingRenewal> RefreshAsync(
        string userId, string sessionId, long generation, TimeSpan grace, TimeSpan lifetime, CancellationToken cancellationToken);

    /// <summary>Ends a session.</summary>
    /// <returns>Whether there was a live one.</returns>
    Task<bool> EndSessionAsync(string userId, string sessionId, CancellationToken cancellationToken);

    /// <summary>Ends all sessions of a user.</summary>
    /// <returns>The ids of those that were live.</returns>
    Task<IReadOnlyList<string>> EndSessionsAsync(string userId, CancellationToken cancellationToken);

    /// <summary>A user's live sessions, the one renewed last first.</summary>
    Task<IReadOnlyList<SharingSession>> ListSessionsAsync(string userId, CancellationToken cancellationToken);

    /// <summary>Deletes sessions whose time is over, one batch in one transaction.</summary>
    /// <param name="batch">At most this many, 1 to 10,000.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>How many were deleted.</returns>
    Task<int> DeleteExpiredAsync(int batch, CancellationToken cancellationToken);
}
