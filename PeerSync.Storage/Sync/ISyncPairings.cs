namespace PeerSync.Storage.Sync;

/// <summary>The pairing codes of the Sync feature, of both kinds: made here for pairing over the socket, or brought by a client together with a sealed record.</summary>
/// <remarks>
/// Thread-safe, with the guarantees and faults of <see cref="ISyncDirectory"/>; a code that is not six digits is an <see cref="ArgumentException"/>. A code is
/// taken exactly once, however many ask at the same time. Limiting how often codes may be tried is the caller's part.
/// </remarks>
public interface ISyncPairings
{
    /// <summary>How long a code can be used, and how long a used one is still known as such.</summary>
    static TimeSpan Lifetime { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Makes a code for a user's device; an unused one that the device had ends.</summary>
    /// <returns>The code: six digits.</returns>
    /// <exception cref="ConstraintViolationException">The user is not known.</exception>
    Task<string> InitiateAsync(string userId, Guid deviceId, CancellationToken cancellationToken);

    /// <summary>Keeps a client's record under the code that the client chose; an unused code that the device had ends.</summary>
    /// <param name="code">Six digits.</param>
    /// <param name="userId">Whose record it is; the user's row is written if it is missing.</param>
    /// <param name="deviceId">The device that shows the code.</param>
    /// <param name="record">What whoever knows the code shall get; 1 to 65,536 bytes. It is sealed under a key derived from the code.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<SyncPairingStore> StoreAsync(string code, string userId, Guid deviceId, ReadOnlyMemory<byte> record, CancellationToken cancellationToken);

    /// <summary>Takes the record that was stored under a code; it is gone from the database then.</summary>
    /// <returns>The record, or null where the code is unknown, expired, used, or has none.</returns>
    Task<byte[]?> LookUpAsync(string code, CancellationToken cancellationToken);

    /// <summary>Takes a code and moves the joining device to the user who showed it. The user's own device stays as it is.</summary>
    /// <param name="code">Six digits.</param>
    /// <param name="joinerDeviceId">The device that entered the code.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<SyncPairingCompletion> CompleteAsync(string code, Guid joinerDeviceId, CancellationToken cancellationToken);

    /// <summary>Deletes codes that have expired, one batch in one transaction.</summary>
    /// <param name="max">At most this many, 1 to 10,000.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>How many were deleted.</returns>
    Task<int> DeleteExpiredPairingsAsync(int max, CancellationToken cancellationToken);
}
