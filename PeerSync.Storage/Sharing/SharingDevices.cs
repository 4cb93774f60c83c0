using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Sharing;

/// <summary>The tables <c>sharing_devices</c> and <c>sharing_pairings</c>.</summary>
internal sealed class SharingDevices(Database database) : ISharingDevices
{
    private const int MaxBatch = 10_000;
    private const int PairingTokenBytes = 18;
    private const string Columns = "device_id, encryption_key, fingerprint, signing_key, created_at";

    /// <inheritdoc/>
    public async Task<SharingRegistration> RegisterAsync(
        string userId, NewSharingDevice device, int maxDevices, SharingEventText changed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(changed);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxDevices, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxDevices, SharingDevice.MaxPerUser);
        SharingText.Require(device.DeviceId, SharingDevice.MaxIdLength, nameof(device));
        SharingText.Require(device.Algorithm, SharingDevice.MaxAlgorithmLength, nameof(device));
        SharingText.Require(device.EncryptionKey, int.MaxValue, nameof(device));
        SharingText.Require(device.Fingerprint, int.MaxValue, nameof(device));
        if (device.SigningKey is not null)
        {
            SharingText.Require(device.SigningKey, int.MaxValue, nameof(device));
        }

        if (!SharingIds.IsId(userId))
        {
            return new SharingRegistration(SharingRegistrationStatus.UnknownUser);
        }

        // Clients register at each start: what changes nothing must not wait for those who write.
        if (await database.ReadAsync("looking for a device", session => IsRegisteredAsync(session, userId, device), cancellationToken))
        {
            return new SharingRegistration(SharingRegistrationStatus.Unchanged);
        }

        var now = database.Now;
        return await database.WriteAsync(
            "registering a device", session => RegisterAsync(session, userId, device, maxDevices, changed, now), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SharingDevice>> ListAsync(string userId, CancellationToken cancellationToken) =>
        SharingIds.IsId(userId)
            ? await database.ReadAsync(
                "listing a user's devices",
                session => session.QueryAsync(
                    $"SELECT {Columns} FROM sharing_devices WHERE user_id = $1 ORDER BY created_at, device_id", static row => Map(row, 0), userId),
                cancellationToken)
            : [];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SharingRecipient>?> ListOfTeamAsync(string teamId, string userId, CancellationToken cancellationToken)
    {
        if (!SharingIds.IsId(teamId) || !SharingIds.IsId(userId))
        {
            return null;
        }

        // Members without a device have a row too: no row at all is nobody's team.
        var (isMember, recipients) = await ListRecipientsAsync("own.team_id = $2", userId, teamId, cancellationToken);
        return isMember ? recipients : null;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SharingRecipient>> ListOfFirstTeamAsync(string userId, CancellationToken cancellationToken)
    {
        const string Oldest =
            """
            own.team_id = (
                SELECT t.id FROM sharing_members mine JOIN sharing_teams t ON t.id = mine.team_id
                WHERE mine.user_id = $1 ORDER BY t.created_at, t.id LIMIT 1)
            """;
        return SharingIds.IsId(userId) ? (await ListRecipientsAsync(Oldest, userId, null, cancellationToken)).Recipients : [];
    }

    /// <inheritdoc/>
    public async Task<SharingRemoval> RemoveAsync(
        string userId, string deviceId, bool isForced, SharingEventText changed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changed);
        if (!SharingIds.IsId(userId) || !SharingText.IsWithin(deviceId, SharingDevice.MaxIdLength))
        {
            return new SharingRemoval(IsRefused: false);
        }

        var now = database.Now;
        return await database.WriteAsync(
            "removing a device", session => RemoveAsync(session, userId, deviceId, isForced, changed, now), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<string?> StartPairingAsync(
        string userId, string deviceId, SharingPairing pairing, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pairing);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        SharingText.Require(deviceId, SharingDevice.MaxIdLength, nameof(deviceId));
        SharingText.Require(pairing.Iv, SharingPairing.MaxIvLength, nameof(pairing));
        SharingText.Require(pairing.Ciphertext, SharingPairing.MaxCiphertextLength, nameof(pairing));
        if (!SharingIds.IsId(userId))
        {
            return null;
        }

        var token = SharingSecrets.New(PairingTokenBytes);
        var hash = SharingSecrets.Hash(token);
        var now = database.Now;
        return await database.WriteAsync(
            "keeping a pairing message",
            async session =>
            {
                if (!await SharingRows.HoldUserAsync(session, userId)
                    || (await FindPrimaryAsync(session, userId) is { } primary && primary != deviceId))
                {
                    return null;
                }

                await session.ExecuteAsync(
                    """
                    DELETE FROM sharing_pairings WHERE user_id = $1 AND (expires_at <= $2 OR token_hash NOT IN (
                        SELECT token_hash FROM sharing_pairings WHERE user_id = $1 ORDER BY created_at DESC LIMIT $3))
                    """,
                    userId,
                    now,
                    SharingPairing.MaxPerUser - 1);
                await session.ExecuteAsync(
                    "INSERT INTO sharing_pairings (token_hash, user_id, iv, ciphertext, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
                    hash,
                    userId,
                    pairing.Iv,
                    pairing.Ciphertext,
                    now,
                    now + lifetime);
                await SharingRows.AuditAsync(session, now, "DEVICE_PAIRING_CREATED", userId, userId, deviceId);
                return token;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<SharingClaim> ClaimPairingAsync(string userId, string token, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (!SharingIds.IsId(userId))
        {
            return new SharingClaim(null);
        }

        var hash = SharingSecrets.Hash(token);
        var now = database.Now;
        return await database.WriteAsync(
            "claiming a pairing message",
            async session =>
            {
                var taken = await session.QueryFirstAsync(
                    "DELETE FROM sharing_pairings WHERE token_hash = $1 AND user_id = $2 AND expires_at > $3 RETURNING iv, ciphertext",
                    static row => new SharingPairing(row.Text(0), row.Text(1)),
                    hash,
                    userId,
                    now);
                if (taken is not null)
                {
                    await SharingRows.AuditAsync(session, now, "DEVICE_PAIRING_CLAIMED", userId, userId, null);
                    return new SharingClaim(taken);
                }

                var isThere = await session.QueryFirstAsync(
                    "SELECT 1 FROM sharing_pairings WHERE token_hash = $1 AND expires_at > $2 AND user_id <> $3",
                    static row => row.Integer(0),
                    hash,
                    now,
                    userId) == 1;
                return new SharingClaim(null, isThere);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<int> DeleteExpiredAsync(int batch, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch, MaxBatch);
        var now = database.Now;
        return database.WriteAsync(
            "deleting expired pairing messages",
            session => session.ExecuteAsync(
                """
                DELETE FROM sharing_pairings
                WHERE token_hash IN (SELECT token_hash FROM sharing_pairings WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)
                """,
                now,
                batch),
            cancellationToken);
    }

    private static SharingDevice Map(SqlRow row, int first) =>
        new(row.Text(first), row.Text(first + 1), row.Text(first + 2), row.TextOrNull(first + 3), row.Time(first + 4));

    private static async ValueTask<bool> IsRegisteredAsync(DatabaseSession session, string userId, NewSharingDevice device)
    {
        var known = await session.QueryFirstAsync(
            "SELECT encryption_key, signing_key, algorithm FROM sharing_devices WHERE user_id = $1 AND device_id = $2",
            static row => (Encryption: row.Text(0), Signing: row.TextOrNull(1), Algorithm: row.Text(2)),
            userId,
            device.DeviceId);
        return known == (device.EncryptionKey, device.SigningKey, device.Algorithm);
    }

    private static async ValueTask<SharingRegistration> RegisterAsync(
        DatabaseSession session, string userId, NewSharingDevice device, int maxDevices, SharingEventText changed, DateTimeOffset now)
    {
        if (!await SharingRows.HoldUserAsync(session, userId))
        {
            return new SharingRegistration(SharingRegistrationStatus.UnknownUser);
        }

        var own = await session.QueryAsync(
            "SELECT device_id, slot, created_at FROM sharing_devices WHERE user_id = $1",
            static row => (Id: row.Text(0), Slot: row.Integer(1), CreatedAt: row.Time(2)),
            userId);
        if (own.Exists(known => known.Id == device.DeviceId))
        {
            if (await IsRegisteredAsync(session, userId, device))
            {
                return new SharingRegistration(SharingRegistrationStatus.Unchanged);
            }

            await session.ExecuteAsync(
                """
                UPDATE sharing_devices SET encryption_key = $3, fingerprint = $4, signing_key = $5, algorithm = $6, updated_at = $7
                WHERE user_id = $1 AND device_id = $2
                """,
                userId,
                device.DeviceId,
                device.EncryptionKey,
                device.Fingerprint,
                device.SigningKey,
                device.Algorithm,
                now);
        }
        else if (own.Count >= maxDevices)
        {
            return new SharingRegistration(SharingRegistrationStatus.TooMany);
        }
        else
        {
            // Later than all others, also where the clock stands still or was put back: the age says which is the primary one.
            var createdAt = own.Select(static known => known.CreatedAt.AddMicroseconds(1)).Append(now).Max();
            var slot = Enumerable.Range(0, maxDevices).First(free => !own.Exists(known => known.Slot == free));
            await session.ExecuteAsync(
                """
                INSERT INTO sharing_devices (user_id, device_id, slot, encryption_key, fingerprint, signing_key, algorithm, created_at, updated_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
                """,
                userId,
                device.DeviceId,
                slot,
                device.EncryptionKey,
                device.Fingerprint,
                device.SigningKey,
                device.Algorithm,
                createdAt);
        }

        await SharingRows.AuditAsync(session, now, "DEVICE_KEY_REGISTERED", userId, userId, device.DeviceId);
        return new SharingRegistration(
            SharingRegistrationStatus.Registered, await SharingEventRows.AppendAboutUserAsync(session, now, changed, userId));
    }

    private static async ValueTask<SharingRemoval> RemoveAsync(
        DatabaseSession session, string userId, string deviceId, bool isForced, SharingEventText changed, DateTimeOffset now)
    {
        await SharingRows.HoldUserAsync(session, userId);
        if (!isForced && await FindPrimaryAsync(session, userId) == deviceId)
        {
            return new SharingRemoval(IsRefused: true);
        }

        if (await session.ExecuteAsync("DELETE FROM sharing_devices WHERE user_id = $1 AND device_id = $2", userId, deviceId) == 0)
        {
            return new SharingRemoval(IsRefused: false);
        }

        await SharingRows.AuditAsync(session, now, isForced ? "DEVICE_KEY_FORCE_DELETED" : "DEVICE_KEY_DELETED", userId, userId, deviceId);
        return new SharingRemoval(IsRefused: false, await SharingEventRows.AppendAboutUserAsync(session, now, changed, userId));
    }

    private static ValueTask<string?> FindPrimaryAsync(DatabaseSession session, string userId) => session.QueryFirstAsync(
        "SELECT device_id FROM sharing_devices WHERE user_id = $1 ORDER BY created_at, device_id LIMIT 1", static row => row.Text(0), userId);

    private async Task<(bool IsMember, List<SharingRecipient> Recipients)> ListRecipientsAsync(
        string team, string userId, string? teamId, CancellationToken cancellationToken)
    {
        // One statement, so that nobody sees the devices of a team as it was after the caller had left it.
        var text =
            $"""
            SELECT m.user_id, {string.Join(", ", Columns.Split(", ").Select(static column => "d." + column))}
            FROM sharing_members own
            JOIN sharing_members m ON m.team_id = own.team_id
            LEFT JOIN sharing_devices d ON d.user_id = m.user_id
            WHERE own.user_id = $1 AND {team}
            ORDER BY m.joined_at, m.role DESC, m.user_id, d.created_at, d.device_id
            """;
        var recipients = new List<SharingRecipient>();
        var isMember = await database.ReadAsync(
            "listing a team's devices",
            async session =>
            {
                recipients.Clear();
                var isAny = false;
                await session.VisitAsync(
                    text,
                    row =>
                    {
                        isAny = true;
                        if (row.TextOrNull(1) is not null)
                        {
                            recipients.Add(new SharingRecipient(row.Text(0), Map(row, 1)));
                        }

                        return true;
                    },
                    teamId is null ? [userId] : [userId, teamId]);
                return isAny;
            },
            cancellationToken);
        return (isMember, recipients);
    }
}
