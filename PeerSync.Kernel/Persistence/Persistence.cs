using System.Collections.Concurrent;

namespace PeerSync.Kernel;

/// <summary>What the persistent actors of a system share. Safe on every thread.</summary>
/// <remarks>Akka.NET's extension of this name finds journals as plugins by their ids; a system here has one journal and one snapshot store.</remarks>
public sealed class Persistence
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, Task> _unfinishedWrites = new();
    private AsyncWriteJournal? _journal;
    private SnapshotStore? _snapshotStore;
    private bool _inUse;

    private Persistence(ActorSystem system)
    {
        _journal = system.Settings.Journal;
        _snapshotStore = system.Settings.SnapshotStore;
        Permits = new RecoveryPermits(system.Settings.MaxConcurrentRecoveries);
    }

    internal RecoveryPermits Permits { get; }

    /// <summary>The persistence of a system.</summary>
    public static Persistence Get(ActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        return system.Extension(static system => new Persistence(system));
    }

    /// <summary>Sets the journal and the snapshot store where they are made later than the system's settings.</summary>
    /// <param name="journal">Where events are kept.</param>
    /// <param name="snapshotStore">Where snapshots are kept; null when there are none.</param>
    /// <exception cref="InvalidOperationException">A persistent actor has been started.</exception>
    public void Use(AsyncWriteJournal journal, SnapshotStore? snapshotStore = null)
    {
        ArgumentNullException.ThrowIfNull(journal);
        lock (_gate)
        {
            if (_inUse)
            {
                throw new InvalidOperationException("The journal cannot be changed: a persistent actor has been started.");
            }

            _journal = journal;
            _snapshotStore = snapshotStore;
        }
    }

    /// <exception cref="ConfigurationException">There is no journal.</exception>
    internal (AsyncWriteJournal Journal, SnapshotStore? SnapshotStore) Open()
    {
        lock (_gate)
        {
            _inUse = _journal is not null;
            return (_journal ?? throw new ConfigurationException("The actor system has no journal; set ActorSystemSettings.Journal."), _snapshotStore);
        }
    }

    /// <summary>Notes a write whose actor has ended: who recovers the same events waits for it, so as not to miss what it still writes.</summary>
    internal void AddUnfinishedWrite(string persistenceId, Task write)
    {
        var all = _unfinishedWrites.AddOrUpdate(persistenceId, static (_, write) => write, static (_, earlier, write) => Task.WhenAll(earlier, write), write);
        all.ContinueWith(
            (ended, _) =>
            {
                // Nobody is left whom a failure would concern.
                _ = ended.Exception;
                _unfinishedWrites.TryRemove(KeyValuePair.Create(persistenceId, ended));
            },
            null,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>What <see cref="AddUnfinishedWrite"/> noted and has not ended.</summary>
    internal Task UnfinishedWrites(string persistenceId) => _unfinishedWrites.GetValueOrDefault(persistenceId, Task.CompletedTask);
}
