using PeerSync.Kernel;

namespace PeerSync.Tests.TestKit;

/// <summary>One more actor whose messages a test can expect.</summary>
public sealed class TestProbe : TestKitBase
{
    internal TestProbe(ActorSystem system, string? name)
        : base(system, name)
    {
    }

    /// <summary>The actor to hand out.</summary>
    public IActorRef Ref => TestActor;

    /// <summary>Tells a message with the probe as sender.</summary>
    public void Send(IActorRef actor, object message) => actor.Tell(message, TestActor);

    /// <summary>Answers the sender of the message that was expected last.</summary>
    public void Reply(object message) => LastSender.Tell(message, TestActor);

    /// <summary>Tells a message on as if it came from the sender of the message that was expected last.</summary>
    public void Forward(IActorRef actor, object message) => actor.Tell(message, LastSender);
}
