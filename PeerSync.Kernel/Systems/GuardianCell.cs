namespace PeerSync.Kernel;

/// <summary>A cell that gets children from every thread.</summary>
internal sealed class GuardianCell : ActorCell
{
    public GuardianCell(ActorSystem system, IInternalActorRef parent, Props props, string name)
        : base(system, parent, props, name)
    {
        EnsureChildren();
    }

    /// <summary>Creates a child whose cell is of another kind.</summary>
    public void Adopt(ActorCell child)
    {
        EnsureChildren().Add(child, child.GivenName);
        child.Start();
    }
}
