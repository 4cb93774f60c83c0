namespace PeerSync.Kernel;

/// <summary>Gives an actor a stash. A restart puts what is stashed back into the mailbox.</summary>
public interface IWithStash : IActorStash;
