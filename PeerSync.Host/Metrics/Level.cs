namespace PeerSync.Host.Metrics;

/// <summary>How many of something there are at the moment.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class Level
{
    private long _value;

    /// <summary>The number at the moment.</summary>
    public long Value => Interlocked.Read(ref _value);

    public void Increment() => Interlocked.Increment(ref _value);

    public void Decrement() => Interlocked.Decrement(ref _value);

    /// <summary>Replaces the number, for what is counted anew from time to time.</summary>
    public void Set(long value) => Interlocked.Exchange(ref _value, value);
}
