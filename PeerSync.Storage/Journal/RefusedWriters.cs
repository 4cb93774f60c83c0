namespace PeerSync.Storage.Journal;

/// <summary>
/// Remembers which incarnations of actors were refused. One that has not heard of it yet may already be sending the event after the refused one, and that number
/// would be the right one: it follows what the other writer has stored in the place of the refused event.
/// </summary>
/// <remarks>Not thread-safe: the committer guards it.</remarks>
internal sealed class RefusedWriters
{
    // What an incarnation sends before it hears of its refusal, it sends within moments.
    private const int Capacity = 10_000;

    private readonly HashSet<(string PersistenceId, string WriterUuid)> _writers = [];
    private readonly Queue<(string PersistenceId, string WriterUuid)> _order = new();

    /// <summary>Whether the writer of a batch was refused.</summary>
    public bool Contains(JournalBatch batch) => _writers.Count > 0 && _writers.Contains((batch.PersistenceId, batch.WriterUuid));

    /// <summary>Remembers the writer of a batch, and forgets the one that was refused longest ago when there are too many.</summary>
    public void Add(JournalBatch batch)
    {
        var writer = (batch.PersistenceId, batch.WriterUuid);
        if (_writers.Add(writer))
        {
            _order.Enqueue(writer);
        }

        if (_order.Count > Capacity)
        {
            _writers.Remove(_order.Dequeue());
        }
    }
}
