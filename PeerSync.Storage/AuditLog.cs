using PeerSync.Storage.Databases;

namespace PeerSync.Storage;

/// <summary>The audit table.</summary>
internal sealed class AuditLog(Database database) : IAuditLog
{
    /// <summary>The columns that <see cref="Map"/> reads.</summary>
    public const string Columns = "id, at, feature, action, actor, subject, detail";

    /// <summary>Appends an entry as part of an operation, so that it exists exactly if the operation took effect.</summary>
    public static ValueTask<int> AppendAsync(DatabaseSession session, DateTimeOffset at, AuditEntry entry) =>
        session.ExecuteAsync(
            "INSERT INTO audit (at, feature, action, actor, subject, detail) VALUES ($1, $2, $3, $4, $5, $6)",
            at,
            StorableText.Clean(entry.Feature),
            StorableText.Clean(entry.Action),
            StorableText.Clean(entry.Actor),
            StorableText.Clean(entry.Subject),
            StorableText.Clean(entry.Detail));

    /// <summary>An entry from its row.</summary>
    public static AuditRecord Map(SqlRow row) =>
        new(row.Integer(0), row.Time(1), new AuditEntry(row.Text(2), row.Text(3), row.TextOrNull(4), row.TextOrNull(5), row.TextOrNull(6)));

    /// <inheritdoc/>
    public Task AppendAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var now = database.Now;
        return database.WriteAsync("appending to the audit log", session => AppendAsync(session, now, entry), cancellationToken);
    }

    /// <inheritdoc/>
    public Task AppendAsync(IReadOnlyCollection<AuditEntry> entries, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var now = database.Now;
        return database.WriteAsync(
            "appending to the audit log",
            async session =>
            {
                foreach (var entry in entries)
                {
                    await AppendAsync(session, now, entry);
                }

                return entries.Count;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AuditRecord>> FindAsync(AuditFilter filter, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 1000);
        var conditions = "feature = $1";
        var values = new List<SqlValue> { StorableText.Clean(filter.Feature) };
        AddText("actor =", filter.Actor);
        AddText("subject =", filter.Subject);
        if (filter.Since is { } since)
        {
            Add("at >=", since);
        }

        values.Add(limit);
        var text = $"SELECT {Columns} FROM audit WHERE {conditions} ORDER BY id DESC LIMIT ${values.Count}";
        return await database.ReadAsync("reading the audit log", session => session.QueryAsync(text, Map, [.. values]), cancellationToken);

        void AddText(string condition, string? value)
        {
            if (value is not null)
            {
                Add(condition, StorableText.Clean(value));
            }
        }

        void Add(string condition, SqlValue value)
        {
            values.Add(value);
            conditions += $" AND {condition} ${values.Count}";
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AuditRecord>> ReadNewestAsync(string? feature, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 1000);
        return await database.ReadAsync(
            "reading the audit log",
            session => feature is null
                ? session.QueryAsync($"SELECT {Columns} FROM audit ORDER BY id DESC LIMIT $1", Map, limit)
                : session.QueryAsync($"SELECT {Columns} FROM audit WHERE feature = $1 ORDER BY id DESC LIMIT $2", Map, StorableText.Clean(feature), limit),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<int> DeleteOlderThanAsync(DateTimeOffset time, int batch, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch, 10_000);
        return database.WriteAsync(
            "deleting old audit entries",
            session => session.ExecuteAsync("DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < $1 ORDER BY at LIMIT $2)", time, batch),
            cancellationToken);
    }
}
