namespace PeerSync.Kernel;

/// <summary>The reference to nobody.</summary>
internal sealed class NobodyRef : MinimalActorRef
{
    public static readonly NobodyRef Instance = new();

    private NobodyRef()
    {
    }

    public override ActorPath Path { get; } = new(parent: null, "Nobody", uid: 0);

    public override ActorSystem System => throw new NotSupportedException("Nobody belongs to no actor system.");

    public override bool IsTerminated => true;

    public override void Tell(object message, IActorRef? sender) => ArgumentNullException.ThrowIfNull(message);
}
