using System.Collections.Concurrent;

namespace PeerSync.Protocol.Identity;

/// <summary>Lends instances of a framework key, which is not promised to be thread-safe and is costly to import.</summary>
internal sealed class InstancePool<T>(Func<T> create)
    where T : class, IDisposable
{
    private readonly ConcurrentQueue<T> _idle = new();
    private T? _first;
    private int _count;

    public T Rent()
    {
        if (Interlocked.Exchange(ref _first, null) is { } first)
        {
            return first;
        }

        if (_idle.TryDequeue(out var idle))
        {
            Interlocked.Decrement(ref _count);
            return idle;
        }

        return create();
    }

    public void Return(T instance)
    {
        if (Interlocked.CompareExchange(ref _first, instance, null) is null)
        {
            return;
        }

        // As many as can be at work at once; more only come of a burst.
        if (Interlocked.Increment(ref _count) <= Environment.ProcessorCount)
        {
            _idle.Enqueue(instance);
            return;
        }

        Interlocked.Decrement(ref _count);
        instance.Dispose();
    }
}
