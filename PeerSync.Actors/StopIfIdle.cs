namespace PeerSync.Actors;

/// <summary>The stop message of entities that hold state: asks again whether there is none, because messages may have come since the wish to end.</summary>
internal sealed class StopIfIdle
{
    private StopIfIdle()
    {
    }

    internal static StopIfIdle Instance { get; } = new();

    /// <summary>The wish to end.</summary>
    internal static Kernel.Passivate Passivate { get; } = new(Instance);
}
