namespace PeerSync.Kernel;

/// <summary>The stash of one actor.</summary>
internal sealed class ActorStash(ActorCell cell, int capacity) : IStash
{
    private LinkedList<Envelope> _stashed = new();

    public int Count => _stashed.Count;

    public bool IsEmpty => _stashed.Count == 0;

    public bool NonEmpty => _stashed.Count > 0;

    public bool IsFull => _stashed.Count >= capacity;

    public int Capacity => capacity;

    public void Stash()
    {
        if (cell.CurrentEnvelope is not { } current)
        {
            throw new IllegalActorStateException("There is no message in process to stash.");
        }

        if (cell.IsCurrentStashed)
        {
            throw new IllegalActorStateException($"Can't stash the same message {current.Message.GetType()} more than once.");
        }

        if (IsFull)
        {
            throw new StashOverflowException($"Couldn't enqueue message {current.Message.GetType()} to the stash of {cell}: it holds {capacity} messages.");
        }

        cell.IsCurrentStashed = true;
        _stashed.AddLast(current);
    }

    public void Unstash()
    {
        if (_stashed.First is { } first)
        {
            _stashed.RemoveFirst();
            cell.EnqueueFirst([first.Value]);
        }
    }

    public void UnstashAll() => UnstashAll(static _ => true);

    public void UnstashAll(Func<Envelope, bool> predicate)
    {
        var stashed = Clear();
        if (stashed.Count > 0)
        {
            cell.EnqueueFirst(stashed.Where(predicate));
        }
    }

    public IEnumerable<Envelope> ClearStash() => Clear();

    public void Prepend(IEnumerable<Envelope> envelopes)
    {
        var added = envelopes.ToArray();
        if (added.Length > capacity - _stashed.Count)
        {
            throw new StashOverflowException($"Couldn't prepend {added.Length} messages to the stash of {cell}: it holds {capacity} messages.");
        }

        for (var i = added.Length - 1; i >= 0; i--)
        {
            _stashed.AddFirst(added[i]);
        }
    }

    private LinkedList<Envelope> Clear()
    {
        var stashed = _stashed;
        _stashed = new LinkedList<Envelope>();
        return stashed;
    }
}
