using PeerSync.Bench.Load.Sockets;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Load;

/// <summary>What the scenarios of one run of the load generator share.</summary>
internal sealed class LoadRun(LoadOptions options, IReadOnlyList<EventLoop> loops, IReadOnlyList<ITarget> targets, CancellationToken cancellation)
    : TargetRun(loops, targets, cancellation)
{
    public LoadOptions Options => options;
}
