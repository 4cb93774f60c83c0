namespace PeerSync.Kernel;

/// <summary>What becomes of a child that failed.</summary>
public enum Directive
{
    /// <summary>It goes on with the next message, its state kept.</summary>
    Resume,

    /// <summary>It is replaced by a new instance, which goes on with the next message.</summary>
    Restart,

    /// <summary>The failure becomes the parent's own.</summary>
    Escalate,

    /// <summary>It is stopped.</summary>
    Stop,
}
