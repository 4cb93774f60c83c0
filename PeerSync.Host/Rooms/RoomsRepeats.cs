namespace PeerSync.Host.Rooms;

/// <summary>Remembers for some seconds which room a request made: the clients repeat a request whose answer they did not get (Rooms contract, section 6).</summary>
internal sealed class RoomsRepeats(TimeProvider time)
{
    private const int Capacity = 10_000;

    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string HostId, string RoomName), (string RoomId, DateTimeOffset Until)> _made = [];
    private readonly Queue<((string HostId, string RoomName) Key, DateTimeOffset Until)> _order = new();

    /// <summary>The room of an equal request of a moment ago, or a new name.</summary>
    public string GetOrAdd(string hostId, string roomName, Func<string> name)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            while (_order.TryPeek(out var oldest) && (oldest.Until <= now || _order.Count >= Capacity))
            {
                _order.Dequeue();
                if (_made.TryGetValue(oldest.Key, out var known) && known.Until <= oldest.Until)
                {
                    _made.Remove(oldest.Key);
                }
            }

            if (_made.TryGetValue((hostId, roomName), out var made))
            {
                return made.RoomId;
            }

            var roomId = name();
            _made[(hostId, roomName)] = (roomId, now + Memory);
            _order.Enqueue(((hostId, roomName), now + Memory));
            return roomId;
        }
    }
}
