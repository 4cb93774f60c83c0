namespace PeerSync.Kernel;

/// <summary>The older name of <see cref="IWithStash"/>; bounded here like any queue.</summary>
public interface IWithUnboundedStash : IWithStash;
