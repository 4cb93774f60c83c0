using System.Diagnostics.CodeAnalysis;

namespace PeerSync.Kernel;

/// <summary>What waits in front of the mailbox of an event-sourced actor. Belongs to the actor's turns.</summary>
internal sealed class PersistenceQueues
{
    /// <summary>How many saved messages the memory is kept for when it is not needed.</summary>
    public const int KeptCapacity = 64;

    private readonly Queue<PersistenceSignal> _signals = new();
    private readonly Queue<Envelope> _saved = new();

    public bool HasSignals => _signals.Count > 0;

    public bool HasSaved => _saved.Count > 0;

    public void AddSignal(PersistenceSignal signal) => _signals.Enqueue(signal);

    public bool TryTakeSignal([NotNullWhen(true)] out PersistenceSignal? signal) => _signals.TryDequeue(out signal);

    /// <summary>Adds to the internal stash.</summary>
    /// <returns>How many messages are saved.</returns>
    public int Save(Envelope envelope)
    {
        _saved.Enqueue(envelope);
        return _saved.Count;
    }

    /// <summary>Takes the oldest message of the internal stash, which must not be empty.</summary>
    public Envelope TakeSaved() => _saved.Dequeue();

    /// <summary>Gives up memory that is not needed; false when it is in use.</summary>
    public bool TryTrim()
    {
        if (_saved.Count > 0)
        {
            return _saved.Capacity <= KeptCapacity;
        }

        if (_saved.Capacity > KeptCapacity)
        {
            _saved.TrimExcess();
        }

        return true;
    }
}
