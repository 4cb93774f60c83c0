namespace PeerSync.Storage;

/// <summary>The append-only record of what was done, by whom: logins refused, networks made, joined and left, tokens issued.</summary>
/// <remarks>Thread-safe; see <see cref="Peers.IPeerDirectory"/> for durability and faults.</remarks>
public interface IAuditLog
{
    /// <summary>Appends one entry with the current time.</summary>
    Task AppendAsync(AuditEntry entry, CancellationToken cancellationToken);

    /// <summary>Appends entries with the current time, all or none, in their order.</summary>
    Task AppendAsync(IReadOnlyCollection<AuditEntry> entries, CancellationToken cancellationToken);

    /// <summary>The newest entries that match, newest first.</summary>
    /// <param name="filter">What to look for.</param>
    /// <param name="limit">At most this many, 1 to 1,000.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<IReadOnlyList<AuditRecord>> FindAsync(AuditFilter filter, int limit, CancellationToken cancellationToken);

    /// <summary>The newest entries, newest first.</summary>
    /// <param name="feature">Only this feature's entries, or null for all.</param>
    /// <param name="limit">At most this many, 1 to 1,000.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<IReadOnlyList<AuditRecord>> ReadNewestAsync(string? feature, int limit, CancellationToken cancellationToken);

    /// <summary>Deletes the oldest entries of before a time, one batch in one transaction. Retention calls it until it returns less than a batch.</summary>
    /// <param name="time">Entries appended at this time or later are kept.</param>
    /// <param name="batch">At most this many, 1 to 10,000, so that nobody waits long for the transaction.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>How many were deleted.</returns>
    Task<int> DeleteOlderThanAsync(DateTimeOffset time, int batch, CancellationToken cancellationToken);
}

/// <summary>Something that happened.</summary>
/// <param name="Feature">The feature's name in lower case, for example <c>peers</c>.</param>
/// <param name="Action">What was done, for example <c>network.join</c>.</param>
/// <param name="Actor">The user id, or null where nobody is known.</param>
/// <param name="Subject">What it was done to, for example a network's id; null where there is none.</param>
/// <param name="Detail">A short text without secrets, payloads or addresses, or null.</param>
public sealed record AuditEntry(string Feature, string Action, string? Actor, string? Subject, string? Detail);

/// <summary>Which entries to look for; what is null is not asked.</summary>
/// <param name="Feature">The feature's name.</param>
/// <param name="Actor">The user id.</param>
/// <param name="Subject">What it was done to.</param>
/// <param name="Since">Entries of this time and later.</param>
public sealed record AuditFilter(string Feature, string? Actor, string? Subject, DateTimeOffset? Since);

/// <summary>An entry as stored.</summary>
/// <param name="Id">Grows with every entry.</param>
/// <param name="At">When it was appended, in UTC.</param>
/// <param name="Entry">What happened.</param>
public sealed record AuditRecord(long Id, DateTimeOffset At, AuditEntry Entry);
