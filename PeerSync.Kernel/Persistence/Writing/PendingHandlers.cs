using System.Numerics;

namespace PeerSync.Kernel;

/// <summary>The handlers of one actor that wait, oldest first.</summary>
internal sealed class PendingHandlers
{
    private const int InitialCapacity = 4;

    private PendingHandler[] _ring = new PendingHandler[InitialCapacity];
    private int _first;

    public int Count { get; private set; }

    public int Capacity => _ring.Length;

    public ref readonly PendingHandler this[int index] => ref _ring[(_first + index) & (_ring.Length - 1)];

    public void Add(PendingHandler handler)
    {
        if (Count == _ring.Length)
        {
            Grow();
        }

        _ring[(_first + Count) & (_ring.Length - 1)] = handler;
        Count++;
    }

    public PendingHandler RemoveFirst()
    {
        ref var slot = ref _ring[_first];
        var handler = slot;
        slot = default;
        _first = (_first + 1) & (_ring.Length - 1);
        Count--;
        return handler;
    }

    /// <summary>Gives up the memory of a ring that had grown and is empty.</summary>
    public void Trim()
    {
        if (_ring.Length > InitialCapacity)
        {
            _ring = new PendingHandler[InitialCapacity];
            _first = 0;
        }
    }

    private void Grow()
    {
        var ring = new PendingHandler[(int)BitOperations.RoundUpToPowerOf2((uint)Count + 1)];
        for (var i = 0; i < Count; i++)
        {
            ring[i] = this[i];
        }

        _ring = ring;
        _first = 0;
    }
}
