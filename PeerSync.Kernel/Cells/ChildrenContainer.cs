namespace PeerSync.Kernel;

/// <summary>The children of an actor. Safe on every thread: the system and shard regions create children from outside.</summary>
/// <remarks>A linked list through the cells themselves, and a dictionary for those that were given a name.</remarks>
internal sealed class ChildrenContainer
{
    private readonly Lock _gate = new();
    private ActorCell? _first;
    private int _count;
    private int _stopping;
    private bool _closed;
    private Dictionary<string, ActorCell>? _named;
    private Dictionary<ActorCell, ChildRestartStats>? _restarts;

    public bool IsEmpty => Volatile.Read(ref _count) == 0;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether the parent is terminating.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_gate)
            {
                return _closed;
            }
        }
    }

    /// <summary>Whether children are being stopped that have not ended.</summary>
    public bool AnyStopping
    {
        get
        {
            lock (_gate)
            {
                return _stopping > 0;
            }
        }
    }

    /// <exception cref="InvalidActorNameException">The name is taken.</exception>
    /// <exception cref="InvalidOperationException">The parent is terminating.</exception>
    public void Add(ActorCell child, string? name)
    {
        lock (_gate)
        {
            if (_closed)
            {
                throw new InvalidOperationException("Cannot create child while terminating or terminated.");
            }

            if (name is not null && !(_named ??= []).TryAdd(name, child))
            {
                throw new InvalidActorNameException($"Actor name \"{name}\" is not unique!");
            }

            child.NextSibling = _first;
            if (_first is not null)
            {
                _first.PreviousSibling = child;
            }

            _first = child;
            _count++;
        }
    }

    public bool Remove(ActorCell child)
    {
        lock (_gate)
        {
            if (!Contains(child))
            {
                return false;
            }

            if (child.PreviousSibling is { } previous)
            {
                previous.NextSibling = child.NextSibling;
            }
            else
            {
                _first = child.NextSibling;
            }

            if (child.NextSibling is { } next)
            {
                next.PreviousSibling = child.PreviousSibling;
            }

            child.PreviousSibling = null;
            child.NextSibling = null;
            _count--;
            if (child.IsStoppedByParent)
            {
                _stopping--;
            }

            if (_named is not null && child.GivenName is { } name && _named.TryGetValue(name, out var named) && ReferenceEquals(named, child))
            {
                _named.Remove(name);
            }

            _restarts?.Remove(child);
            return true;
        }
    }

    /// <summary>Notes that a child is being stopped.</summary>
    public void MarkStopping(ActorCell child)
    {
        lock (_gate)
        {
            if (!child.IsStoppedByParent && Contains(child))
            {
                child.IsStoppedByParent = true;
                _stopping++;
            }
        }
    }

    /// <summary>Refuses all further children.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }
    }

    public bool IsChild(ActorCell child)
    {
        lock (_gate)
        {
            return Contains(child);
        }
    }

    public ActorCell[] Snapshot()
    {
        lock (_gate)
        {
            var children = new ActorCell[_count];
            var i = children.Length;
            for (var child = _first; child is not null; child = child.NextSibling)
            {
                children[--i] = child;
            }

            return children;
        }
    }

    public ActorCell? Find(string name)
    {
        lock (_gate)
        {
            if (_named is not null && _named.TryGetValue(name, out var named))
            {
                return named;
            }

            for (var child = _first; child is not null && name.StartsWith('$'); child = child.NextSibling)
            {
                if (child.GivenName is null && child.Name == name)
                {
                    return child;
                }
            }

            return null;
        }
    }

    public ChildRestartStats RestartStatsOf(ActorCell child)
    {
        lock (_gate)
        {
            _restarts ??= [];
            if (!_restarts.TryGetValue(child, out var stats))
            {
                _restarts.Add(child, stats = new ChildRestartStats());
            }

            return stats;
        }
    }

    private bool Contains(ActorCell child) => child.PreviousSibling is not null || ReferenceEquals(_first, child);
}
