namespace PeerSync.Kernel;

/// <summary>One place of a <see cref="QueueSegment"/>: a message, who sent it, and whose turn it is to touch the place.</summary>
/// <remarks>
/// <see cref="Sequence"/> equals the position at which a producer may next write here; one more means that the message of that position is published.
/// </remarks>
internal struct QueueSlot
{
    public object? Message;
    public IActorRef? Sender;
    public int Sequence;
}
