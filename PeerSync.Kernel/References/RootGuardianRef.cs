namespace PeerSync.Kernel;

/// <summary>The parent of the guardians: learns of their end and of the failures that nobody below has decided about.</summary>
internal sealed class RootGuardianRef(ActorSystem system) : MinimalActorRef
{
    public override ActorPath Path => System.RootPath;

    public override ActorSystem System { get; } = system;

    public override void Tell(object message, IActorRef? sender) => System.DeadLetters.Tell(message, sender);

    public override void SendSystemMessage(SystemMessage message)
    {
        switch (message)
        {
            case SystemMessages.DeathWatchNotification notification:
                System.OnGuardianStopped(notification.Actor);
                break;
            case SystemMessages.Failed failed:
                System.OnGuardianFailed(failed);
                break;
            default:
                base.SendSystemMessage(message);
                break;
        }
    }
}
