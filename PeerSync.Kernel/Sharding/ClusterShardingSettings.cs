namespace PeerSync.Kernel;

/// <summary>What can be set about a region.</summary>
public sealed record ClusterShardingSettings
{
    private ClusterShardingSettings()
    {
    }

    /// <summary>How long an entity may hear nothing before it is passivated; <see cref="TimeSpan.Zero"/> for ever. 120 s by default.</summary>
    /// <remarks>It happens between this time and a quarter more. Only messages through the region count.</remarks>
    public TimeSpan PassivateIdleEntityAfter { get; private init; } = TimeSpan.FromSeconds(120);

    /// <summary>How many messages a region keeps for entities that are on their way out. What comes then is <see cref="Dropped"/>.</summary>
    public int BufferSize { get; private init; } = 100_000;

    /// <summary>The defaults.</summary>
    public static ClusterShardingSettings Create(ActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        return new ClusterShardingSettings();
    }

    /// <summary>Sets how long an entity may hear nothing before it is passivated; <see cref="TimeSpan.Zero"/> for ever.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public ClusterShardingSettings WithPassivateIdleAfter(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        return this with { PassivateIdleEntityAfter = duration };
    }

    /// <summary>Sets how many messages a region keeps for entities that are on their way out.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public ClusterShardingSettings WithBufferSize(int bufferSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bufferSize);
        return this with { BufferSize = bufferSize };
    }
}
