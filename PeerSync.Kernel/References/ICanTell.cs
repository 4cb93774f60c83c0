namespace PeerSync.Kernel;

/// <summary>Something that messages can be told to.</summary>
public interface ICanTell
{
    /// <summary>Sends a message and forgets it. At most once; in order per sender and receiver. Never blocks and never throws for the receiver's sake.</summary>
    /// <param name="message">An immutable object.</param>
    /// <param name="sender">Whom the receiver may answer; null for nobody.</param>
    /// <exception cref="ArgumentNullException">The message is null.</exception>
    void Tell(object message, IActorRef? sender);
}
