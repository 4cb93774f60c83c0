namespace PeerSync.Protocol.Rooms;

/// <summary>Finds whom a signal of form B is for (Rooms contract, section 6).</summary>
/// <remarks>
/// Its clients never say so, and with three members a broadcast would break their connections. One instance a connection, not thread-safe. What it remembers is
/// bounded by the members of the room and by <see cref="MaxExchanges"/>.
/// </remarks>
public sealed class CollaborationRouting
{
    /// <summary>How many exchanges are remembered; the oldest are forgotten first.</summary>
    public const int MaxExchanges = 1024;

    private readonly List<string> _toOffer = [];
    private readonly Dictionary<string, string> _exchanges = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();
    private string? _lastOfferFrom;

    /// <summary>The client has been told of a newcomer: it will offer.</summary>
    public void PeerJoined(string userId)
    {
        _toOffer.Remove(userId);
        _toOffer.Add(userId);
    }

    /// <summary>The client has been told that somebody left.</summary>
    public void PeerLeft(string userId)
    {
        _toOffer.Remove(userId);
        if (_lastOfferFrom == userId)
        {
            _lastOfferFrom = null;
        }
    }

    /// <summary>An offer was delivered to the client: its next answer is for that member.</summary>
    public void OfferDelivered(string from) => _lastOfferFrom = from;

    /// <summary>Whom a signal of the client is for; null when that cannot be told, and everybody else gets it.</summary>
    public string? Route(scoped in RoomsFrame frame)
    {
        var fragment = RoomsSignal.FragmentOf(frame);
        switch (frame.Type)
        {
            case RoomsFrameType.Offer when _toOffer.Count > 0:
                var target = _toOffer[0];
                _toOffer.RemoveAt(0);
                Remember(fragment, target);
                return target;
            case RoomsFrameType.Answer when _lastOfferFrom is not null:
                Remember(fragment, _lastOfferFrom);
                return _lastOfferFrom;
            default:
                return fragment is not null && _exchanges.TryGetValue(fragment, out var known) ? known : null;
        }
    }

    private void Remember(string? fragment, string target)
    {
        if (fragment is null)
        {
            return;
        }

        if (!_exchanges.ContainsKey(fragment))
        {
            _order.Enqueue(fragment);
        }

        _exchanges[fragment] = target;
        if (_order.Count > MaxExchanges)
        {
            _exchanges.Remove(_order.Dequeue());
        }
    }
}
