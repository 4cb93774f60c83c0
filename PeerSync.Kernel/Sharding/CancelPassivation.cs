namespace PeerSync.Kernel;

/// <summary>
/// Told by an entity to its parent instead of stopping, when messages that were ahead of the stop message gave it something to do: the region passes on what
/// it kept, in order, and delivers to the same incarnation again.
/// </summary>
/// <remarks>For entities that hold state which exists nowhere else, and so may only end when they are idle at the moment of ending.</remarks>
public sealed class CancelPassivation : IShardRegionCommand
{
    private CancelPassivation()
    {
    }

    /// <summary>The only instance.</summary>
    public static CancelPassivation Instance { get; } = new();
}
