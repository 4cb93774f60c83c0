namespace PeerSync.Kernel;

/// <summary>Told by an entity to its parent when it wants to end: the region answers with the stop message and keeps what comes after it for the next incarnation.</summary>
public sealed class Passivate : IShardRegionCommand
{
    /// <summary>Creates the message.</summary>
    /// <param name="stopMessage">What the entity is told after all that was told before; it then stops itself.</param>
    public Passivate(object stopMessage)
    {
        ArgumentNullException.ThrowIfNull(stopMessage);
        StopMessage = stopMessage;
    }

    /// <summary>What the entity is told.</summary>
    public object StopMessage { get; }
}
