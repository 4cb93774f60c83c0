using PeerSync.Kernel;

namespace PeerSync.Actors.Sync;

/// <content>Snapshots and deletion.</content>
public sealed partial class SyncUserActor
{
    // A snapshot holds all known events, so the more they are the rarer it is taken: what it costs stays in proportion to what has been written.
    private const int EventsPerSnapshotShare = 4;

    private bool _savingSnapshot;

    // The last snapshot that was asked for, and the last that is known to be kept.
    private long _snapshotAt;
    private long _savedTo;
    private Deletion? _deletion;
    private Action? _whenQuiet;

    // Who asked for the deletion of everything; null before the first. What later ones are told once it has ended.
    private List<IActorRef>? _erasers;
    private long? _erased;
    private bool _erasesAfterSnapshot;

    private bool IsErasing => _erasers is not null && _erased is null;

    private bool SnapshotIsDue() =>
        !_savingSnapshot && _assigned - _snapshotAt >= Math.Max(_settings.SnapshotInterval, _state.Events.Count / EventsPerSnapshotShare);

    private void OnUpkeep(object message)
    {
        switch (message)
        {
            case SaveSnapshotSuccess saved:
                OnSnapshotSaved(saved.Metadata.SequenceNr);
                break;
            case SaveSnapshotFailure failed:
                OnSnapshotFailed(failed.Cause);
                break;
            case PrepareDeletion prepare:
                Prepare(prepare);
                break;
            case EraseUser:
                Erase();
                break;
            case Erased erased:
                OnErased(erased.Events);
                break;
        }
    }

    // The state runs ahead of the journal; a snapshot of events that were then not written would let their repetitions pass for duplicates.
    // So events wait until the journal has caught up, which takes one commit.
    private void TakeSnapshotWhenQuiet() => WhenQuiet(() =>
    {
        if (!_savingSnapshot && _erasers is null)
        {
            _savingSnapshot = true;
            _snapshotAt = LastSequenceNr;
            SaveSnapshot(SyncUserSnapshot.Of(_state, _deletion is { Forget: true } deletion ? deletion.UpTo : 0));
        }

        Stash.UnstashAll();
    });

    /// <summary>Runs something when no write and no answer is under way; until then no event is taken in.</summary>
    private void WhenQuiet(Action action)
    {
        _whenQuiet += action;
        if (_whenQuiet == action)
        {
            DeferUntilQuiet();
        }
    }

    private void DeferUntilQuiet() => DeferAsync(Quiet.Instance, _ =>
    {
        if (_inFlight > 0)
        {
            DeferUntilQuiet();
            return;
        }

        var action = _whenQuiet;
        _whenQuiet = null;
        action?.Invoke();
        PassivateIfIdle();
    });

    private void OnSnapshotSaved(long sequenceNr)
    {
        _savingSnapshot = false;
        _savedTo = sequenceNr;
        DeleteSnapshots(new SnapshotSelectionCriteria(sequenceNr - 1, DateTime.MaxValue));
        if (_deletion is { } deletion)
        {
            AnswerDeletion(deletion.UpTo <= sequenceNr);
        }

        EraseIfItWaited();
    }

    private void OnSnapshotFailed(Exception cause)
    {
        _savingSnapshot = false;
        Context.GetLogger().Warning("The snapshot of a user's events could not be saved: {0}", cause.Message);
        AnswerDeletion(ready: false);
        EraseIfItWaited();
    }

    private void Prepare(PrepareDeletion prepare)
    {
        if (prepare.UpTo > LastSequenceNr || _deletion is not null || _erasers is not null)
        {
            Sender.Tell(new DeletionPrepared(Ready: false), Self);
            return;
        }

        if (!prepare.Forget && prepare.UpTo <= _savedTo)
        {
            Sender.Tell(new DeletionPrepared(Ready: true), Self);
            return;
        }

        _deletion = new Deletion(prepare.UpTo, prepare.Forget, Sender);
        TakeSnapshotWhenQuiet();
    }

    private void AnswerDeletion(bool ready)
    {
        if (_deletion is not { } deletion)
        {
            return;
        }

        if (ready && deletion.Forget)
        {
            _state.Forget(deletion.UpTo);
        }

        deletion.Asker.Tell(new DeletionPrepared(ready), Self);
        _deletion = null;
    }

    private void Erase()
    {
        if (_erased is { } outcome)
        {
            Sender.Tell(new UserErased(outcome), Self);
        }
        else if (_erasers is { } erasers)
        {
            erasers.Add(Sender);
        }
        else
        {
            // Devices that are still connected were told to go; none is let in any more.
            _erasers = [Sender];
            LoseDevices();
            WhenQuiet(DeleteAll);
        }
    }

    private void DeleteAll()
    {
        // A snapshot that is saved after the deletion would claim numbers that are free again, and no event could be written any more.
        _erasesAfterSnapshot = _savingSnapshot;
        if (!_savingSnapshot)
        {
            _events.DeleteStreamAsync(PersistenceId, CancellationToken.None)
                .PipeTo(Self, success: static count => new Erased(count), failure: static _ => new Erased(-1));
        }
    }

    private void EraseIfItWaited()
    {
        if (_erasesAfterSnapshot)
        {
            DeleteAll();
        }
    }

    private void OnErased(long events)
    {
        foreach (var asker in _erasers!)
        {
            asker.Tell(new UserErased(events), Self);
        }

        // What was read from the journal is no longer there: nothing but the end can follow, and the next one begins anew.
        _erasers.Clear();
        _erased = Math.Min(events, 0);
    }

    // Nobody answers them once this actor has ended.
    private void DisappointAskers()
    {
        AnswerDeletion(ready: false);
        foreach (var asker in _erasers ?? [])
        {
            asker.Tell(new UserErased(-1), Self);
        }

        _erasers?.Clear();
    }

    private sealed record Deletion(long UpTo, bool Forget, IActorRef Asker);

    private sealed record Erased(long Events);

    private sealed class Quiet
    {
        internal static Quiet Instance { get; } = new();
    }
}
