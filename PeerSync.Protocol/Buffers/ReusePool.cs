using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace PeerSync.Protocol.Buffers;

/// <summary>The process's bounded store of reusable objects of one type. Taking from an empty one and giving to a full one are both harmless.</summary>
/// <typeparam name="T">What is reused.</typeparam>
/// <remarks>
/// Thread-safe. One place per thread comes first: a message is mostly taken, handed on and given back on one thread, and the
/// shared queue's interlocked operations would then be most of the cost.
/// </remarks>
public static class ReusePool<T>
    where T : class
{
    private const int Capacity = 4096;

    private static readonly ConcurrentQueue<T> Shared = new();

    [ThreadStatic]
    private static T? _local;

    private static int _count;

    /// <summary>Takes an idle object, if there is one.</summary>
    [SuppressMessage("Design", "CA1000:Do not declare static members on generic types", Justification = "The type argument is what names the pool.")]
    public static bool TryTake([NotNullWhen(true)] out T? item)
    {
        item = _local;
        if (item is not null)
        {
            _local = null;
            return true;
        }

        if (Shared.TryDequeue(out item))
        {
            Interlocked.Decrement(ref _count);
            return true;
        }

        return false;
    }

    /// <summary>Gives an object back; it is left to the garbage collector where there is no room.</summary>
    [SuppressMessage("Design", "CA1000:Do not declare static members on generic types", Justification = "The type argument is what names the pool.")]
    public static void Give(T item)
    {
        if (_local is null)
        {
            _local = item;
        }
        else if (Interlocked.Increment(ref _count) <= Capacity)
        {
            Shared.Enqueue(item);
        }
        else
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
