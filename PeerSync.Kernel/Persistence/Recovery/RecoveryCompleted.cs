namespace PeerSync.Kernel;

/// <summary>Told to a persistent actor's recovery handlers after the last event, before any command. From here on it may persist events.</summary>
public sealed class RecoveryCompleted
{
    /// <summary>The only instance.</summary>
    public static RecoveryCompleted Instance { get; } = new();

    private RecoveryCompleted()
    {
    }

    /// <inheritdoc />
    public override string ToString() => "<RecoveryCompleted>";
}
