namespace PeerSync.Actors.Sharing;

/// <summary>Counts what the feed does. Written by the actors and connections, read by the metrics; thread-safe.</summary>
public sealed class FeedCounters
{
    private readonly long[] _subscribers = new long[Enum.GetValues<FeedKind>().Length];
    private long _events;
    private long _deliveries;
    private long _slow;
    private long _refused;
    private long _resets;

    /// <summary>Events that were delivered, since the start.</summary>
    public long Events => Interlocked.Read(ref _events);

    /// <summary>Messages handed to listeners, one for each, since the start.</summary>
    public long Deliveries => Interlocked.Read(ref _deliveries);

    /// <summary>Connections that were closed because they read too slowly, since the start.</summary>
    public long SlowDisconnects => Interlocked.Read(ref _slow);

    /// <summary>Passwords and tokens that were refused, since the start.</summary>
    public long AuthenticationsRefused => Interlocked.Read(ref _refused);

    /// <summary>Clients that came back too late to be told what they had missed, since the start.</summary>
    public long Resets => Interlocked.Read(ref _resets);

    /// <summary>Who listens in some way.</summary>
    public long Subscribers(FeedKind kind) => Interlocked.Read(ref _subscribers[(int)kind]);

    /// <summary>Notes a connection that read too slowly.</summary>
    public void SlowDisconnected() => Interlocked.Increment(ref _slow);

    /// <summary>Notes a password or token that was refused.</summary>
    public void AuthenticationRefused() => Interlocked.Increment(ref _refused);

    internal void Subscribed(FeedKind kind) => Interlocked.Increment(ref _subscribers[(int)kind]);

    internal void Unsubscribed(FeedKind kind) => Interlocked.Decrement(ref _subscribers[(int)kind]);

    internal void Reset() => Interlocked.Increment(ref _resets);

    internal void EventDelivered(int listeners)
    {
        Interlocked.Increment(ref _events);
        Interlocked.Add(ref _deliveries, listeners);
    }
}
