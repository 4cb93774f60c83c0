namespace PeerSync.Kernel;

/// <summary>References that stand for nobody.</summary>
public static class ActorRefs
{
    /// <summary>A reference to nobody; what is told to it disappears.</summary>
    public static readonly IActorRef Nobody = NobodyRef.Instance;

    /// <summary>No sender. The receiver sees the dead letters as its sender.</summary>
    public static readonly IActorRef? NoSender;

    /// <summary>Whether a reference is null or <see cref="Nobody"/>.</summary>
    public static bool IsNobody(this IActorRef? actor) => actor is null || ReferenceEquals(actor, Nobody);
}
