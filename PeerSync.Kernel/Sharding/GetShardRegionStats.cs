namespace PeerSync.Kernel;

/// <summary>Asks a region for its <see cref="ShardRegionStats"/>: how many entities its shards have.</summary>
public sealed class GetShardRegionStats : IShardRegionCommand
{
    /// <summary>The only instance.</summary>
    public static readonly GetShardRegionStats Instance = new();

    private GetShardRegionStats()
    {
    }
}
