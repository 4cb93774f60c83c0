namespace PeerSync.Kernel;

/// <summary>One behaviour of a <see cref="ReceiveActor"/>: its handlers in the order in which they were written.</summary>
internal sealed class ReceiveHandlers
{
    private ReceiveHandler[] _handlers = [];
    private int _count;
    private bool _handlesAny;

    public void Add(ReceiveHandler handler, bool handlesAny)
    {
        if (_handlesAny)
        {
            throw new InvalidOperationException("A handler that catches all messages has been added; no handler after it would ever run.");
        }

        if (_count == _handlers.Length)
        {
            Array.Resize(ref _handlers, Math.Max(4, _count * 2));
        }

        _handlers[_count++] = handler;
        _handlesAny = handlesAny;
    }

    public bool TryHandle(object message)
    {
        var handlers = _handlers;
        for (var i = 0; i < handlers.Length && i < _count; i++)
        {
            if (handlers[i].TryHandle(message))
            {
                return true;
            }
        }

        return false;
    }
}
