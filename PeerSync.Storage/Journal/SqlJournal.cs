using PeerSync.Kernel;
using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Journal;

/// <summary>The journal over either engine.</summary>
internal sealed class SqlJournal(Database database, GroupCommitter committer, Serialization serialization) : AsyncWriteJournal
{
    /// <summary>The most UTF-16 units of a persistence id, and of a tag: both together must fit into an index entry of PostgreSQL.</summary>
    public const int MaxIdLength = 640;

    /// <inheritdoc cref="MaxIdLength"/>
    public const int MaxTagLength = 128;

    private const string Replaying = "replaying events";
    private const string Deleting = "deleting events";
    private const string ReadingHighest = "reading a highest sequence number";

    // What an event costs beside its bytes, roughly, so that a queue of many small ones is bounded too.
    private const int Overhead = 200;

    // One page goes from the database to the actor at a time. Small enough to be let go at once, large enough that the round trip hardly counts.
    private const int PageEvents = 1000;
    private const long PageBytes = 1024 * 1024;

    /// <inheritdoc/>
    public override Task WriteMessagesAsync(IReadOnlyList<Persistent> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return messages.Count == 0 ? Task.CompletedTask : committer.WriteAsync(Serialize(messages));
    }

    /// <inheritdoc/>
    public override Task ReplayMessagesAsync(
        string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<Persistent> recoveryCallback, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(persistenceId);
        ArgumentNullException.ThrowIfNull(recoveryCallback);
        return JournalFaults.TranslateAsync(
            Replaying, () => ReplayAsync(persistenceId, fromSequenceNr, toSequenceNr, max, recoveryCallback, cancellationToken));
    }

    /// <inheritdoc/>
    public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(persistenceId);
        var id = StorableText.Clean(persistenceId)!;
        return JournalFaults.TranslateAsync(
            ReadingHighest,
            async () =>
            {
                // An actor that starts anew may have left events here, and would otherwise meet itself as another writer.
                await committer.WhenSettledAsync(id, cancellationToken);
                return await database.ReadAsync(ReadingHighest, session => JournalTables.ReadHighestAsync(session, id), cancellationToken);
            });
    }

    /// <inheritdoc/>
    public override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(persistenceId);
        return JournalFaults.TranslateAsync(Deleting, () => DeleteAsync(persistenceId, toSequenceNr, cancellationToken));
    }

    /// <summary>Refuses a name that not both engines can hold.</summary>
    internal static void EnsureStorable(string text, int maxLength, string what)
    {
        if (text.Length == 0 || text.Length > maxLength || !StorableText.IsStorable(text))
        {
            throw new ArgumentException($"A {what} has 1 to {maxLength} units and neither U+0000 nor half a surrogate pair.", what);
        }
    }

    private static long ToTicks(long unixMilliseconds) => (unixMilliseconds * TimeSpan.TicksPerMillisecond) + DateTime.UnixEpoch.Ticks;

    private static long ToUnixMilliseconds(long ticks) => (ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;

    private static async ValueTask<int> DeleteBatchAsync(DatabaseSession session, string persistenceId, long toSequenceNr)
    {
        // Before anything is deleted, and never more than there was: the next event follows the highest number that is known.
        var highest = Math.Min(toSequenceNr, await JournalTables.ReadHighestAsync(session, persistenceId));
        if (highest <= 0)
        {
            return 0;
        }

        await JournalTables.RememberAsync(session, persistenceId, highest);
        return await JournalTables.DeleteOldestAsync(session, persistenceId, highest);
    }

    private JournalBatch Serialize(IReadOnlyList<Persistent> messages)
    {
        var first = messages[0];
        EnsureStorable(first.PersistenceId, MaxIdLength, "persistence id");
        EnsureStorable(first.WriterGuid, MaxIdLength, "writer id");
        ArgumentOutOfRangeException.ThrowIfLessThan(first.SequenceNr, 1, nameof(messages));
        var entries = new JournalEntry[messages.Count];
        var bytes = 0L;
        for (var i = 0; i < entries.Length; i++)
        {
            var message = messages[i];
            if (message.SequenceNr != first.SequenceNr + i || message.PersistenceId != first.PersistenceId || message.WriterGuid != first.WriterGuid)
            {
                throw new ArgumentException("The events of one write are of one writer and follow each other.", nameof(messages));
            }

            entries[i] = Serialize(message);
            bytes += entries[i].Message.Length + Overhead;
        }

        return new JournalBatch(first.PersistenceId, first.WriterGuid, entries, bytes);
    }

    private JournalEntry Serialize(Persistent message)
    {
        var payload = message.Payload;
        IReadOnlyCollection<string> tags = [];
        if (payload is Tagged tagged)
        {
            payload = tagged.Payload;
            tags = tagged.Tags;
            foreach (var tag in tags)
            {
                EnsureStorable(tag, MaxTagLength, "tag");
            }
        }

        var serializer = serialization.FindSerializerFor(payload);
        return new JournalEntry(
            message.SequenceNr, ToTicks(message.Timestamp), serializer.Identifier, serializer.Manifest(payload), serializer.ToBinary(payload), tags);
    }

    private async Task<long> ReplayAsync(
        string persistenceId, long from, long to, long max, Action<Persistent> recoveryCallback, CancellationToken cancellationToken)
    {
        var id = StorableText.Clean(persistenceId)!;
        var count = 0L;
        from = Math.Max(from, 1);
        while (count < max && from <= to)
        {
            var after = from - 1;
            var pageEvents = (int)Math.Min(max - count, PageEvents);
            var page = await database.ReadAsync(
                Replaying,
                session => JournalPage.ReadAsync(session, id, after, to, notBeforeTicks: 0, pageEvents, PageBytes),
                cancellationToken);
            foreach (var row in page.Rows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var payload = serialization.Deserialize(row.Message, row.SerializerId, row.Manifest);
                recoveryCallback(new Persistent(payload, row.SequenceNr, persistenceId, row.WriterUuid, ToUnixMilliseconds(row.CreatedTicks)));
            }

            count += page.Rows.Count;
            if (!page.HasMore)
            {
                break;
            }

            from = page.Rows[^1].SequenceNr + 1;
        }

        return count;
    }

    private async Task<long> DeleteAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken)
    {
        var id = StorableText.Clean(persistenceId)!;
        var deleted = 0L;
        int batch;
        do
        {
            batch = await database.WriteAsync(Deleting, session => DeleteBatchAsync(session, id, toSequenceNr), cancellationToken);
            deleted += batch;
        }
        while (batch == JournalTables.DeleteBatch);
        return deleted;
    }
}
