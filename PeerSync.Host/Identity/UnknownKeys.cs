namespace PeerSync.Host.Identity;

/// <summary>Remembers, for a while and up to a number, the key names that the service did not know. Not thread-safe.</summary>
internal sealed class UnknownKeys(TimeSpan lifetime, int capacity)
{
    private readonly Dictionary<string, DateTimeOffset> _until = new(StringComparer.Ordinal);

    // Every entry lives equally long, so the order of arrival is the order of expiry.
    private readonly Queue<string> _order = new();

    public int Count => _until.Count;

    public bool Contains(string keyId, DateTimeOffset now) => _until.TryGetValue(keyId, out var until) && now < until;

    public void Add(string keyId, DateTimeOffset now)
    {
        while (_order.TryPeek(out var oldest) && (_order.Count >= capacity || _until[oldest] <= now))
        {
            _until.Remove(_order.Dequeue());
        }

        if (_until.TryAdd(keyId, now + lifetime))
        {
            _order.Enqueue(keyId);
        }
    }
}
