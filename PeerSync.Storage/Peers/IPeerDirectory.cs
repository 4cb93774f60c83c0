namespace PeerSync.Storage.Peers;

/// <summary>Users, their networks and memberships. A user has at most one active network, by constraint.</summary>
/// <remarks>
/// Thread-safe. A write has been committed durably when its task completes. Every method throws
/// <see cref="StorageUnavailableException"/> when the database fails, <see cref="OperationCanceledException"/> when cancelled, and
/// <see cref="ArgumentException"/> for a user id that cannot be stored (see <see cref="UserRecord"/>). In other texts, what cannot be stored becomes U+FFFD.
/// </remarks>
public interface IPeerDirectory
{
    /// <summary>Writes or updates a user's row, with the time of this login.</summary>
    Task SaveUserAsync(UserRecord user, CancellationToken cancellationToken);

    /// <summary>The user's active network, or null.</summary>
    Task<NetworkRecord?> FindNetworkAsync(string userId, CancellationToken cancellationToken);

    /// <summary>Makes a network with a new invite code and switches the user to it, in one transaction; writes the user's row first if it is missing.</summary>
    Task<NetworkRecord> CreateNetworkAsync(UserRecord user, CancellationToken cancellationToken);

    /// <summary>Switches the user to the network of an invite code, in one transaction; writes the user's row first if it is missing.</summary>
    /// <param name="user">Who joins.</param>
    /// <param name="inviteCode">The code; white space around it and its case do not matter.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The network, or null where no network has that code; the earlier membership is kept then.</returns>
    Task<NetworkRecord?> JoinNetworkAsync(UserRecord user, string inviteCode, CancellationToken cancellationToken);

    /// <summary>Ends the user's membership, if there is one.</summary>
    Task LeaveNetworkAsync(string userId, CancellationToken cancellationToken);
}
