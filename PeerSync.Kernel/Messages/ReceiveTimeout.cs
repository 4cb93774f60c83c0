namespace PeerSync.Kernel;

/// <summary>Told to an actor that asked for it when no message came for the given time.</summary>
public sealed class ReceiveTimeout : IPossiblyHarmful
{
    /// <summary>The only instance.</summary>
    public static ReceiveTimeout Instance { get; } = new();

    private ReceiveTimeout()
    {
    }

    /// <inheritdoc />
    public override string ToString() => "<ReceiveTimeout>";
}
