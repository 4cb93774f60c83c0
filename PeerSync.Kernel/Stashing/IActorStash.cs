namespace PeerSync.Kernel;

/// <summary>An actor that has a stash.</summary>
public interface IActorStash
{
    /// <summary>The stash. Set by the kernel after the constructor has run, before <c>PreStart</c>.</summary>
    IStash Stash { get; set; }
}
