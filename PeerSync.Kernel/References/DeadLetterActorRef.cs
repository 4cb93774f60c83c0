namespace PeerSync.Kernel;

/// <summary>Publishes what it is told as <see cref="DeadLetter"/> on the event stream.</summary>
internal sealed class DeadLetterActorRef(ActorSystem system) : MinimalActorRef
{
    public override ActorPath Path => new(System.RootPath, "deadLetters", uid: 0);

    public override ActorSystem System { get; } = system;

    public override void Tell(object message, IActorRef? sender)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message is AllDeadLetters letter)
        {
            System.EventStream.Publish(letter);
        }
        else if (System.EventStream.HasSubscribers(typeof(DeadLetter)))
        {
            System.EventStream.Publish(new DeadLetter(message, sender ?? this, this));
        }
    }
}
