namespace PeerSync.Kernel;

/// <summary>Marks messages that are for a region itself and not for one of its entities.</summary>
public interface IShardRegionCommand;
