using System.Security.Cryptography;
using System.Text;
using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Sharing;

/// <summary>The table of logins through the browser.</summary>
internal sealed class SharingHandshakes(Database database) : ISharingHandshakes
{
    private const int MinId = 16;
    private const int MaxId = 64;
    private const int MaxBatch = 10_000;

    // So long the clients of late are told that they are late.
    private static readonly TimeSpan MemoryOfExpired = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    public Task CreateAsync(SharingHandshake handshake, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handshake);
        ArgumentException.ThrowIfNullOrEmpty(handshake.Verifier);
        ArgumentOutOfRangeException.ThrowIfLessThan(handshake.Id.Length, MinId, nameof(handshake));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(handshake.Id.Length, MaxId, nameof(handshake));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        var now = database.Now;
        return database.WriteAsync(
            "beginning a handshake",
            session => session.ExecuteAsync(
                "INSERT INTO sharing_handshakes (id, state, client_key, verifier, created_at, expires_at) VALUES ($1, 'waiting', $2, $3, $4, $5)",
                handshake.Id,
                handshake.ClientKey,
                handshake.Verifier,
                now,
                now + lifetime),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<SharingHandshake?> FindWaitingAsync(string id, CancellationToken cancellationToken)
    {
        var (name, now) = (Name(id), database.Now);
        return database.ReadAsync(
            "reading a handshake",
            session => session.QueryFirstAsync(
                "SELECT id, client_key, verifier FROM sharing_handshakes WHERE id = $1 AND state = 'waiting' AND expires_at > $2", Map, name, now),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<SharingHandshake?> BeginExchangeAsync(string id, CancellationToken cancellationToken)
    {
        var (name, now) = (Name(id), database.Now);
        return database.WriteAsync(
            "exchanging a handshake",
            session => session.QueryFirstAsync(
                """
                UPDATE sharing_handshakes SET state = 'exchanging' WHERE id = $1 AND state = 'waiting' AND expires_at > $2
                RETURNING id, client_key, verifier
                """,
                Map,
                name,
                now),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task AbandonExchangeAsync(string id, CancellationToken cancellationToken)
    {
        var name = Name(id);
        return database.WriteAsync(
            "abandoning an exchange",
            session => session.ExecuteAsync("UPDATE sharing_handshakes SET state = 'waiting' WHERE id = $1 AND state = 'exchanging'", name),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> AskConfirmationAsync(string id, string confirmation, string found, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(confirmation);
        ArgumentNullException.ThrowIfNull(found);
        var (name, now) = (Name(id), database.Now);
        return database.WriteAsync(
            "asking for a confirmation",
            async session => await session.ExecuteAsync(
                """
                UPDATE sharing_handshakes SET state = 'confirming', confirmation = $2, result = $3
                WHERE id = $1 AND state = 'exchanging' AND expires_at > $4
                """,
                name,
                Hash(confirmation),
                StorableText.Clean(found),
                now) == 1,
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<(SharingHandshake Handshake, string Found)?> ConfirmAsync(string id, string confirmation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(confirmation);
        var (name, now) = (Name(id), database.Now);
        return database.WriteAsync<(SharingHandshake, string)?>(
            "confirming a handshake",
            async session => await session.QueryFirstAsync(
                """
                UPDATE sharing_handshakes SET state = 'exchanging', confirmation = NULL
                WHERE id = $1 AND state = 'confirming' AND confirmation = $2 AND expires_at > $3
                RETURNING id, client_key, verifier, result
                """,
                static row => Tuple.Create(Map(row), row.Text(3)),
                name,
                Hash(confirmation),
                now) is var (handshake, found) ? (handshake, found) : null,
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> CompleteAsync(string id, string result, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(result);
        var (name, now) = (Name(id), database.Now);
        return database.WriteAsync(
            "completing a handshake",
            async session => await session.ExecuteAsync(
                "UPDATE sharing_handshakes SET state = 'ready', result = $2 WHERE id = $1 AND state = 'exchanging' AND expires_at > $3", name, result, now) == 1,
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<SharingHandshakeResult> TakeAsync(string id, CancellationToken cancellationToken)
    {
        var (name, now) = (Name(id), database.Now);
        return database.WriteAsync(
            "taking a handshake's result",
            async session =>
            {
                var result = await session.QueryFirstAsync(
                    "DELETE FROM sharing_handshakes WHERE id = $1 AND state = 'ready' AND expires_at > $2 RETURNING result", static row => row.Text(0), name, now);
                if (result is not null)
                {
                    return new SharingHandshakeResult(SharingHandshakeOutcome.Ready, result);
                }

                var end = await session.QueryFirstAsync(
                    "SELECT expires_at FROM sharing_handshakes WHERE id = $1", static row => (DateTimeOffset?)row.Time(0), name);
                var outcome = end is null ? SharingHandshakeOutcome.Unknown : end > now ? SharingHandshakeOutcome.NotReady : SharingHandshakeOutcome.Expired;
                return new SharingHandshakeResult(outcome, null);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task RemoveAsync(string id, CancellationToken cancellationToken)
    {
        var name = Name(id);
        return database.WriteAsync(
            "ending a handshake", session => session.ExecuteAsync("DELETE FROM sharing_handshakes WHERE id = $1", name), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<int> DeleteExpiredAsync(int batch, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch, MaxBatch);
        var end = database.Now - MemoryOfExpired;
        return database.WriteAsync(
            "deleting handshakes that are over",
            session => session.ExecuteAsync(
                "DELETE FROM sharing_handshakes WHERE id IN (SELECT id FROM sharing_handshakes WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)", end, batch),
            cancellationToken);
    }

    private static string Name(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return StorableText.Clean(id)!;
    }

    private static string Hash(string confirmation) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(confirmation)));

    private static SharingHandshake Map(SqlRow row) => new(row.Text(0), row.TextOrNull(1), row.Text(2));
}
