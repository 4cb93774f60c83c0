using System.Globalization;
using System.Security.Cryptography;
using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Sync;

/// <summary>The table <c>sync_pairings</c>.</summary>
internal sealed class SyncPairings(Database database, SyncPairingKeys keys, Func<string> generateCode) : ISyncPairings
{
    private const int CodeLength = 6;
    private const int MaxRecord = 65_536;

    // With half of all codes in use, twenty in a row are taken once in a million times.
    private const int MaxCodeAttempts = 20;

    /// <summary>A random code: six digits, leading zeros kept.</summary>
    public static string GenerateCode() => RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public Task<string> InitiateAsync(string userId, Guid deviceId, CancellationToken cancellationToken)
    {
        SyncText.RequireUserId(userId);
        var code = new NewCode(userId, SyncText.Of(deviceId), database.Now);
        return database.WriteAsync("making a pairing code", session => InitiateAsync(session, code), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<SyncPairingStore> StoreAsync(
        string code,
        string userId,
        Guid deviceId,
        ReadOnlyMemory<byte> record,
        CancellationToken cancellationToken)
    {
        RequireCode(code);
        SyncText.RequireUserId(userId);
        ArgumentOutOfRangeException.ThrowIfZero(record.Length, nameof(record));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(record.Length, MaxRecord, nameof(record));
        var hash = keys.Locate(code);
        var sealedRecord = keys.Seal(code, hash, record.Span);
        var row = new NewCode(userId, SyncText.Of(deviceId), database.Now);
        return database.WriteAsync("storing a pairing record", session => StoreAsync(session, row, hash, sealedRecord), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<byte[]?> LookUpAsync(string code, CancellationToken cancellationToken)
    {
        RequireCode(code);
        var hash = keys.Locate(code);
        var now = database.Now;
        var text = await database.WriteAsync("looking up a pairing code", session => TakeRecordAsync(session, hash, now), cancellationToken);
        return text is null ? null : keys.Open(code, hash, text);
    }

    /// <inheritdoc/>
    public Task<SyncPairingCompletion> CompleteAsync(string code, Guid joinerDeviceId, CancellationToken cancellationToken)
    {
        RequireCode(code);
        var hash = keys.Locate(code);
        var joiner = SyncText.Of(joinerDeviceId);
        var now = database.Now;
        return database.WriteAsync("completing a pairing", session => CompleteAsync(session, hash, joiner, now), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<int> DeleteExpiredPairingsAsync(int max, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, 10_000);
        var now = database.Now;
        return database.WriteAsync(
            "deleting expired pairing codes",
            session => session.ExecuteAsync(
                """
                DELETE FROM sync_pairings
                WHERE expires_at <= $1 AND code_hash IN (SELECT code_hash FROM sync_pairings WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)
                """,
                now,
                max),
            cancellationToken);
    }

    private static async ValueTask<SyncPairingStore> StoreAsync(DatabaseSession session, NewCode code, string hash, string sealedRecord)
    {
        await SyncRows.EnsureUserAsync(session, code.UserId, code.Now);

        // Not ended before the new one is in: a code that is taken leaves the device with the one that it shows.
        var old = await session.QueryFirstAsync(
            "SELECT code_hash FROM sync_pairings WHERE user_id = $1 AND device_id = $2 AND used = 0", row => row.Text(0), code.UserId, code.DeviceId);
        if (old != hash && await IsInUseAsync(session, hash, code.Now))
        {
            return new SyncPairingStore(SyncPairingStoreStatus.Taken, default);
        }

        var isStored = await InsertAsync(session, code, hash, sealedRecord);
        if (isStored)
        {
            await SyncRows.AuditAsync(session, code.Now, "pairing.store", code.UserId, code.DeviceId);
        }

        return isStored
            ? new SyncPairingStore(SyncPairingStoreStatus.Stored, code.Now + ISyncPairings.Lifetime)
            : new SyncPairingStore(SyncPairingStoreStatus.Taken, default);
    }

    private static async ValueTask<bool> IsInUseAsync(DatabaseSession session, string hash, DateTimeOffset now) =>
        await session.QueryFirstAsync(
            "SELECT count(*) FROM sync_pairings WHERE code_hash = $1 AND expires_at > $2", row => row.Integer(0), hash, now) != 0;

    /// <summary>Writes a code in place of the one that the device has, while the user's row is held.</summary>
    /// <returns>False where somebody else has the code; the device has none then.</returns>
    private static async ValueTask<bool> InsertAsync(DatabaseSession session, NewCode code, string hash, string? sealedRecord)
    {
        await session.ExecuteAsync("DELETE FROM sync_pairings WHERE user_id = $1 AND device_id = $2 AND used = 0", code.UserId, code.DeviceId);
        return await session.ExecuteAsync(
            """
            INSERT INTO sync_pairings (code_hash, user_id, device_id, record, expires_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (code_hash) DO UPDATE SET
                user_id = excluded.user_id,
                device_id = excluded.device_id,
                record = excluded.record,
                used = 0,
                expires_at = excluded.expires_at
            WHERE sync_pairings.expires_at <= $6
            """,
            hash,
            code.UserId,
            code.DeviceId,
            sealedRecord,
            code.Now + ISyncPairings.Lifetime,
            code.Now) == 1;
    }

    private static async ValueTask<string?> TakeRecordAsync(DatabaseSession session, string hash, DateTimeOffset now)
    {
        var taken = await session.QueryFirstAsync(
            """
            DELETE FROM sync_pairings WHERE code_hash = $1 AND used = 0 AND expires_at > $2 AND record IS NOT NULL
            RETURNING record, user_id, device_id
            """,
            row => (Record: row.Text(0), UserId: row.Text(1), DeviceId: row.Text(2)),
            hash,
            now);
        if (taken.Record is not null)
        {
            await SyncRows.AuditAsync(session, now, "pairing.lookup", taken.UserId, taken.DeviceId);
        }

        return taken.Record;
    }

    private static async ValueTask<SyncPairingCompletion> CompleteAsync(DatabaseSession session, string hash, string joinerId, DateTimeOffset now)
    {
        var found = await session.QueryFirstAsync(
            "SELECT user_id, used, expires_at FROM sync_pairings WHERE code_hash = $1",
            row => new Code(row.Text(0), row.Integer(1) == 1, row.Time(2)),
            hash);
        var joiner = await SyncRows.FindDeviceAsync(session, joinerId);
        if (Refuse(found, joiner, now) is { } refusal)
        {
            return refusal;
        }

        // Both users' rows are held from here on, in one order; then what was read is read again.
        var (first, second) = string.CompareOrdinal(found!.UserId, joiner!.UserId) < 0 ? (found.UserId, joiner.UserId) : (joiner.UserId, found.UserId);
        await SyncRows.HoldUserAsync(session, first);
        await SyncRows.HoldUserAsync(session, second);
        var held = joiner.UserId;
        joiner = await SyncRows.FindDeviceAsync(session, joinerId);
        if (joiner?.UserId != held)
        {
            return new SyncPairingCompletion(SyncPairingStatus.UnknownJoiner, null);
        }

        var isOwn = held == found.UserId;
        var name = isOwn || joiner.Name is null ? joiner.Name : await DeviceNames.FindFreeAsync(session, found.UserId, joinerId, joiner.Name);
        if (name is null && joiner.Name is not null)
        {
            return new SyncPairingCompletion(SyncPairingStatus.NameTaken, null);
        }

        var isTaken = await session.ExecuteAsync(
            "UPDATE sync_pairings SET used = 1, record = NULL, expires_at = $4 WHERE code_hash = $1 AND user_id = $2 AND used = 0 AND expires_at > $3",
            hash,
            found.UserId,
            now,
            now + ISyncPairings.Lifetime) == 1;
        if (!isTaken)
        {
            // Looked up, or completed by another device, while this one waited for the rows.
            return new SyncPairingCompletion(SyncPairingStatus.AlreadyUsed, null);
        }

        await SyncRows.AuditAsync(session, now, "pairing.complete", found.UserId, joinerId);
        return new SyncPairingCompletion(SyncPairingStatus.Completed, isOwn ? joiner : await MoveAsync(session, joinerId, found.UserId, name));
    }

    private static SyncPairingCompletion? Refuse(Code? found, SyncDevice? joiner, DateTimeOffset now)
    {
        SyncPairingStatus? status = found switch
        {
            null => SyncPairingStatus.NotFound,
            { IsUsed: true } when found.ExpiresAt > now => SyncPairingStatus.AlreadyUsed,
            { IsUsed: true } => SyncPairingStatus.NotFound,
            _ when found.ExpiresAt <= now => SyncPairingStatus.Expired,
            _ when joiner is null => SyncPairingStatus.UnknownJoiner,
            _ => null,
        };
        return status is { } refused ? new SyncPairingCompletion(refused, null) : null;
    }

    /// <summary>Gives a device to a user. What it confirmed was in another stream.</summary>
    private static async ValueTask<SyncDevice?> MoveAsync(DatabaseSession session, string deviceId, string userId, string? name)
    {
        await SyncRows.EndPairingsAsync(session, deviceId);
        return await session.QueryFirstAsync(
            $"UPDATE sync_devices SET user_id = $2, name = $3, confirmed = 0 WHERE id = $1 RETURNING {SyncRows.DeviceColumns}",
            SyncRows.MapDevice,
            deviceId,
            userId,
            name);
    }

    private static void RequireCode(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        if (code.Length != CodeLength || code.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            throw new ArgumentException("A pairing code is six digits.", nameof(code));
        }
    }

    private async ValueTask<string> InitiateAsync(DatabaseSession session, NewCode row)
    {
        await SyncRows.HoldUserAsync(session, row.UserId);
        for (var attempt = 1; attempt <= MaxCodeAttempts; attempt++)
        {
            var code = generateCode();
            if (await InsertAsync(session, row, keys.Locate(code), null))
            {
                return code;
            }
        }

        throw new StorageUnavailableException($"No free pairing code was found in {MaxCodeAttempts} attempts.");
    }

    private sealed record NewCode(string UserId, string DeviceId, DateTimeOffset Now);

    private sealed record Code(string UserId, bool IsUsed, DateTimeOffset ExpiresAt);
}
