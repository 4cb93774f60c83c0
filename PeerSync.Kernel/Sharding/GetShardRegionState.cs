namespace PeerSync.Kernel;

/// <summary>Asks a region for its <see cref="CurrentShardRegionState"/>: the ids of its entities.</summary>
public sealed class GetShardRegionState : IShardRegionCommand
{
    /// <summary>The only instance.</summary>
    public static readonly GetShardRegionState Instance = new();

    private GetShardRegionState()
    {
    }
}
