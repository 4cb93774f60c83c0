namespace PeerSync.Kernel;

/// <summary>A message of the kernel to a cell. Each instance is posted once, because it is its own link in the queue.</summary>
internal abstract class SystemMessage
{
    /// <summary>What stands for the queue of a stopped actor.</summary>
    public static readonly SystemMessage Closed = new ClosedMarker();

    public SystemMessage? Next;

    private sealed class ClosedMarker : SystemMessage;
}
