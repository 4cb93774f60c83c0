namespace PeerSync.Kernel;

/// <summary>Bounds how many actors recover at the same time; first come, first served. Safe on every thread.</summary>
internal sealed class RecoveryPermits(int count)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<EventRecovery> _waiting = new();
    private int _free = count;

    /// <summary>Takes a permit, or queues for one: then <see cref="PersistenceSignal.Run"/> is called when it is granted.</summary>
    /// <param name="recovery">Who asks.</param>
    /// <param name="place">Its place in the queue, to be given back with <see cref="Leave"/>; null when the permit was taken.</param>
    public bool TryTake(EventRecovery recovery, out LinkedListNode<EventRecovery>? place)
    {
        lock (_gate)
        {
            if (_free > 0)
            {
                _free--;
                place = null;
                return true;
            }

            place = _waiting.AddLast(recovery);
            return false;
        }
    }

    /// <summary>Returns a permit; the next in the queue has it.</summary>
    public void Return()
    {
        EventRecovery next;
        lock (_gate)
        {
            if (_waiting.First is not { } first)
            {
                _free++;
                return;
            }

            _waiting.RemoveFirst();
            next = first.Value;
        }

        next.Post();
    }

    /// <summary>Leaves the queue, or returns the permit that was granted meanwhile.</summary>
    public void Leave(LinkedListNode<EventRecovery> place)
    {
        lock (_gate)
        {
            if (place.List is not null)
            {
                _waiting.Remove(place);
                return;
            }
        }

        Return();
    }
}
