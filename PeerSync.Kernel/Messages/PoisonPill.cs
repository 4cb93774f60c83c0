namespace PeerSync.Kernel;

/// <summary>Stops the actor when its turn in the mailbox comes, after all that was told before.</summary>
public sealed class PoisonPill : IAutoReceivedMessage, IPossiblyHarmful
{
    /// <summary>The only instance.</summary>
    public static PoisonPill Instance { get; } = new();

    private PoisonPill()
    {
    }

    /// <inheritdoc />
    public override string ToString() => "<PoisonPill>";
}
