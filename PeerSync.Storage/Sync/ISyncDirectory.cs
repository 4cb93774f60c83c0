namespace PeerSync.Storage.Sync;

/// <summary>Users, devices, profiles and revocations of the Sync feature.</summary>
/// <remarks>
/// Thread-safe. A write has been committed durably when its task completes; each method is one transaction. Every method throws
/// <see cref="StorageUnavailableException"/> when the database fails, <see cref="OperationCanceledException"/> when cancelled, and
/// <see cref="ArgumentException"/> for a user id that is not 64 lower-case hexadecimal digits.
/// </remarks>
public interface ISyncDirectory
{
    /// <summary>
    /// Admits a device whose identity has been proven: writes the rows of user and device, and says whose devices it belongs to. Whoever revokes the
    /// device later finds it connected only if it is reachable before this is called, or asks <see cref="IsRevokedAsync"/> once more after.
    /// </summary>
    /// <param name="deviceId">The device.</param>
    /// <param name="identity">The key that signed the handshake.</param>
    /// <param name="name">
    /// The name, cut to <see cref="SyncDevice.MaxNameLength"/>; null or empty keeps what is stored. A name that another device of the user has gets a
    /// number behind it.
    /// </param>
    /// <param name="type"><c>mobile</c>, <c>desktop</c> or <c>web</c>; null keeps what is stored.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<SyncLogin> LogInAsync(Guid deviceId, string identity, string? name, string? type, CancellationToken cancellationToken);

    /// <summary>The user's devices, those seen last first.</summary>
    Task<IReadOnlyList<SyncDevice>> ListDevicesAsync(string userId, CancellationToken cancellationToken);

    /// <summary>A device, whoever's it is, or null.</summary>
    Task<SyncDevice?> FindDeviceAsync(Guid deviceId, CancellationToken cancellationToken);

    /// <summary>Gives a device another name.</summary>
    /// <param name="userId">Who asks.</param>
    /// <param name="deviceId">The device.</param>
    /// <param name="name">1 to <see cref="SyncDevice.MaxNameLength"/> units; what cannot be stored becomes U+FFFD.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<SyncRenameStatus> RenameAsync(string userId, Guid deviceId, string name, CancellationToken cancellationToken);

    /// <summary>Deletes a device's row and puts the device on the revoked list. Its events stay.</summary>
    /// <param name="userId">Who asks.</param>
    /// <param name="deviceId">The device.</param>
    /// <param name="reason">Why, for the list; null for none.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<SyncRemoveStatus> RemoveAsync(string userId, Guid deviceId, string? reason, CancellationToken cancellationToken);

    /// <summary>Puts a device on the revoked list; its row stays. A device that is on it already gets the new reason and time.</summary>
    /// <param name="deviceId">The device, known or not.</param>
    /// <param name="userId">Under whom it is listed.</param>
    /// <param name="reason">Why, for the list; null for none.</param>
    /// <param name="revokedBy">Who did it, for the list; null for nobody in particular.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task RevokeAsync(Guid deviceId, string userId, string? reason, string? revokedBy, CancellationToken cancellationToken);

    /// <summary>Takes a device off the revoked list.</summary>
    /// <returns>False when it was not on it.</returns>
    Task<bool> UnrevokeAsync(Guid deviceId, CancellationToken cancellationToken);

    /// <summary>The newest entries of the revoked list, newest first, at most <see cref="SyncRevocation.MaxListed"/>.</summary>
    /// <param name="userId">Only this user's, or null for all.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<IReadOnlyList<SyncRevocation>> ListRevocationsAsync(string? userId, CancellationToken cancellationToken);

    /// <summary>Whether a device is on the revoked list.</summary>
    Task<bool> IsRevokedAsync(Guid deviceId, CancellationToken cancellationToken);

    /// <summary>Moves cursors forward. One that would go back, or whose device is another user's by then, stays where it is.</summary>
    /// <param name="cursors">Each device, whose it was when it confirmed, and the sequence number in that user's stream.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task SaveCursorsAsync(IReadOnlyList<(Guid DeviceId, string UserId, long Cursor)> cursors, CancellationToken cancellationToken);

    /// <summary>Notes that a device was seen now; one without a row is left alone.</summary>
    Task TouchAsync(Guid deviceId, CancellationToken cancellationToken);

    /// <summary>The user's profile, made when it is first asked for; null where the user is not known.</summary>
    Task<SyncProfile?> GetProfileAsync(string userId, CancellationToken cancellationToken);

    /// <summary>Changes what an update names and leaves the rest.</summary>
    /// <returns>The whole profile after it, or null where the user is not known.</returns>
    Task<SyncProfile?> UpdateProfileAsync(string userId, SyncProfileUpdate update, CancellationToken cancellationToken);

    /// <summary>Notes that the user has seen the introduction.</summary>
    /// <returns>False where the user is not known.</returns>
    Task<bool> CompleteOnboardingAsync(string userId, CancellationToken cancellationToken);

    /// <summary>Deletes a user with devices, profile and pairing codes, and puts the devices on the revoked list so that they do not come back by themselves.</summary>
    /// <returns>The devices that were deleted, or null where the user is not known.</returns>
    Task<IReadOnlyList<Guid>?> DeleteUserAsync(string userId, CancellationToken cancellationToken);

    /// <summary>Devices that were last seen before a time, the longest unseen first.</summary>
    /// <param name="before">Devices seen at this time or later are left out.</param>
    /// <param name="max">At most this many, 1 to 10,000.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<IReadOnlyList<SyncDevice>> FindInactiveDevicesAsync(DateTimeOffset before, int max, CancellationToken cancellationToken);

    /// <summary>Deletes those of the devices that were not seen since a time; they may register again.</summary>
    /// <param name="deviceIds">The devices, at most 10,000: those that <see cref="FindInactiveDevicesAsync"/> found and that have no live session.</param>
    /// <param name="before">A device seen at this time or later stays.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>How many were deleted.</returns>
    Task<int> DeleteInactiveDevicesAsync(IReadOnlyCollection<Guid> deviceIds, DateTimeOffset before, CancellationToken cancellationToken);
}
