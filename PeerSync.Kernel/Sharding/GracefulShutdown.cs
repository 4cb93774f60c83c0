namespace PeerSync.Kernel;

/// <summary>Stops the entities of a region with their stop message, then the region.</summary>
public sealed class GracefulShutdown : IShardRegionCommand
{
    /// <summary>The only instance.</summary>
    public static readonly GracefulShutdown Instance = new();

    private GracefulShutdown()
    {
    }
}
