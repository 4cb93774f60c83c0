using PeerSync.Storage.Databases;
using PeerSync.Storage.Journal;

namespace PeerSync.Storage.Sqlite;

/// <summary>Writes one group of events in the writer's transaction. The group is taken when the turn has come, so that it holds whatever came until then.</summary>
internal sealed class SqliteJournalOperation(IGroupSource source) : SqliteOperation
{
    private JournalGroup? _group;
    private bool _isOver;

    /// <inheritdoc/>
    public override bool TryRun(DatabaseSession session)
    {
        _group = source.Take();
        if (_group is null)
        {
            _isOver = true;
            return true;
        }

        try
        {
            ((SqliteSession)session).Journal.Write(_group);
            return true;
        }
        catch (Exception e)
        {
            Fault = e;
            return false;
        }
    }

    /// <inheritdoc/>
    public override void Publish()
    {
        if (Fault is not null)
        {
            Fail(Fault);
        }
        else if (!_isOver)
        {
            _isOver = true;
            source.Complete(_group!);
        }
    }

    /// <inheritdoc/>
    public override void Fail(Exception exception)
    {
        if (_isOver)
        {
            return;
        }

        // Nothing of the transaction was kept.
        _isOver = true;
        _group?.Batches.ForEach(batch => batch.Undecide());
        source.Fail(_group, exception);
    }
}
