using System.Collections.Immutable;
using System.Globalization;
using PeerSync.Kernel;
using PeerSync.Storage;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Storage.Journal;

/// <summary>Short words for what the tests of the journal do.</summary>
public abstract class JournalTestBase(PostgresFixture postgres) : StorageTestBase(postgres)
{
    protected const long Now = 1_700_000_000_123;

    protected static Serialization Texts { get; } = Serialization.Empty.With(new TextSerializer(), typeof(string));

    /// <summary>Events whose payloads are their numbers.</summary>
    protected static Persistent[] EventsOf(string id, long first, long last, string writer = "writer", long timestamp = Now) =>
        [.. Enumerable.Range(0, (int)(last - first + 1))
            .Select(i => new Persistent((first + i).ToString(CultureInfo.InvariantCulture), first + i, id, writer, timestamp))];

    protected static Persistent Tagged(string id, long sequenceNr, params string[] tags) =>
        new(new Tagged($"tagged {sequenceNr}", tags.ToImmutableHashSet()), sequenceNr, id, "writer", Now);

    protected static async Task<List<Persistent>> ReplayAsync(
        AsyncWriteJournal journal, string id, long from = 1, long to = long.MaxValue, long max = long.MaxValue)
    {
        var events = new List<Persistent>();
        await journal.ReplayMessagesAsync(id, from, to, max, events.Add, None);
        return events;
    }

    protected static async Task<IEnumerable<long>> NumbersAsync(AsyncWriteJournal journal, string id) =>
        (await ReplayAsync(journal, id)).Select(e => e.SequenceNr);

    protected static AsyncWriteJournal JournalOf(DataStore store) => store.CreateJournal(Texts);

    protected static IEnumerable<long> Numbers(long first, long last) => Enumerable.Range(0, (int)(last - first + 1)).Select(i => first + i);

    protected static async Task EndedAsync(Task task, string what) => await WithinAsync(Complete(task), what);

    private static async Task<bool> Complete(Task task)
    {
        await task;
        return true;
    }
}
