namespace PeerSync.Bench.Load.Targets;

/// <summary>A target that runs in Node.</summary>
internal interface INodeTarget : ITarget
{
    /// <summary>Node's version, known once the target is prepared.</summary>
    string NodeVersion { get; }
}
