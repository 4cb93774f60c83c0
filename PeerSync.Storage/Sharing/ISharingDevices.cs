namespace PeerSync.Storage.Sharing;

/// <summary>The keys of users' devices, and the messages by which one window pairs the next (Sharing contract, section 3).</summary>
/// <remarks>
/// Thread-safe. A write has been committed durably when its task completes; each is one transaction with its audit entry and its event. Every method throws
/// <see cref="StorageUnavailableException"/> when the database fails and <see cref="OperationCanceledException"/> when cancelled. Ids that nothing can have are
/// unknown ids; texts to be stored that both engines cannot hold are <see cref="ArgumentException"/>s.
/// </remarks>
public interface ISharingDevices
{
    /// <summary>Registers a device, or gives a known one other keys. A known one keeps its place, and one that has these keys is left alone.</summary>
    /// <param name="userId">Whose it is.</param>
    /// <param name="device">The device and its keys.</param>
    /// <param name="maxDevices">How many a user may have, 1 to <see cref="SharingDevice.MaxPerUser"/>; known devices stay also above it.</param>
    /// <param name="changed">What is told to the user and those who share a team with the user.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<SharingRegistration> RegisterAsync(
        string userId, NewSharingDevice device, int maxDevices, SharingEventText changed, CancellationToken cancellationToken);

    /// <summary>A user's devices, the primary one first, then by age.</summary>
    Task<IReadOnlyList<SharingDevice>> ListAsync(string userId, CancellationToken cancellationToken);

    /// <summary>All devices of all members of a team, by when the members joined, and of each the oldest first.</summary>
    /// <param name="teamId">The team.</param>
    /// <param name="userId">Who asks.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Null where the user is no member or the team is not known.</returns>
    Task<IReadOnlyList<SharingRecipient>?> ListOfTeamAsync(string teamId, string userId, CancellationToken cancellationToken);

    /// <summary>As <see cref="ListOfTeamAsync"/> for the oldest of a user's teams; empty where the user has none.</summary>
    Task<IReadOnlyList<SharingRecipient>> ListOfFirstTeamAsync(string userId, CancellationToken cancellationToken);

    /// <summary>Removes a device. Whichever is the oldest of those that are left is the primary one from then on.</summary>
    /// <param name="userId">Whose it is.</param>
    /// <param name="deviceId">The device.</param>
    /// <param name="isForced">Whether it may be the primary one.</param>
    /// <param name="changed">What is told to the user and those who share a team with the user.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<SharingRemoval> RemoveAsync(string userId, string deviceId, bool isForced, SharingEventText changed, CancellationToken cancellationToken);

    /// <summary>Keeps a message for the user's next window. <see cref="SharingPairing.MaxPerUser"/> wait; one more takes the oldest one's place.</summary>
    /// <param name="userId">Whose both windows are.</param>
    /// <param name="deviceId">The window that asks: the primary device, or any where the user has none.</param>
    /// <param name="pairing">The message.</param>
    /// <param name="lifetime">For how long, more than zero.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The token to claim it by, 24 characters of base64url; null where the device is not the primary one.</returns>
    Task<string?> StartPairingAsync(string userId, string deviceId, SharingPairing pairing, TimeSpan lifetime, CancellationToken cancellationToken);

    /// <summary>Takes a message. Of several that ask at once one gets it.</summary>
    /// <param name="userId">Who asks; another user leaves it where it is.</param>
    /// <param name="token">Its token.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<SharingClaim> ClaimPairingAsync(string userId, string token, CancellationToken cancellationToken);

    /// <summary>Deletes messages whose time is over, one batch in one transaction. Retention calls it until it returns less than a batch.</summary>
    /// <param name="batch">At most this many, 1 to 10,000.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>How many were deleted.</returns>
    Task<int> DeleteExpiredAsync(int batch, CancellationToken cancellationToken);
}
