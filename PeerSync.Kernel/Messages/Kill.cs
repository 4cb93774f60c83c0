namespace PeerSync.Kernel;

/// <summary>Makes the actor fail with an <see cref="ActorKilledException"/>, about which its supervisor decides; by default it is stopped.</summary>
public sealed class Kill : IAutoReceivedMessage, IPossiblyHarmful
{
    /// <summary>The only instance.</summary>
    public static Kill Instance { get; } = new();

    private Kill()
    {
    }

    /// <inheritdoc />
    public override string ToString() => "<Kill>";
}
