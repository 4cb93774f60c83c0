namespace PeerSync.Kernel;

/// <summary>What the kernel itself needs of a reference.</summary>
internal interface IInternalActorRef : IActorRef
{
    ActorSystem System { get; }

    IActorRef? Parent { get; }

    bool IsTerminated { get; }

    void SendSystemMessage(SystemMessage message);
}
