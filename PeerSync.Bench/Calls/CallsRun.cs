using PeerSync.Bench.Load;
using PeerSync.Bench.Load.Sockets;

namespace PeerSync.Bench.Calls;

/// <summary>What the scenarios of one run of the Calls benchmark share.</summary>
internal sealed class CallsRun(CallsOptions options, IReadOnlyList<EventLoop> loops, IReadOnlyList<CallsTarget> targets, CancellationToken cancellation)
    : TargetRun(loops, targets, cancellation)
{
    public CallsOptions Options => options;
}
