using PeerSync.Bench.Load;
using PeerSync.Bench.Load.Sockets;

namespace PeerSync.Bench.Sharing;

/// <summary>What the scenarios of one run of the Sharing benchmark share.</summary>
internal sealed class SharingRun(SharingOptions options, IReadOnlyList<EventLoop> loops, IReadOnlyList<SharingTarget> targets, CancellationToken cancellation)
    : TargetRun(loops, targets, cancellation)
{
    public SharingOptions Options => options;
}
