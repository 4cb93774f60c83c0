namespace PeerSync.Kernel;

/// <summary>Decides which node has which shard. With one node there is nothing to decide.</summary>
public interface IShardAllocationStrategy;
