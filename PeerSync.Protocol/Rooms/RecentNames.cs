namespace PeerSync.Protocol.Rooms;

/// <summary>Names that a connection has used lately: one that comes again costs no new text. Not thread-safe.</summary>
public sealed class RecentNames
{
    // A power of two. More than the peers of a usual room, and small beside a connection.
    private const int Count = 8;

    private readonly string?[] _names = new string?[Count];

    /// <summary>The name as a text, the same object as the last time unless another one has taken its place.</summary>
    internal string Get(ReadOnlySpan<char> name)
    {
        ref var slot = ref _names[string.GetHashCode(name) & (Count - 1)];
        if (slot is null || !name.SequenceEqual(slot))
        {
            slot = name.ToString();
        }

        return slot;
    }
}
