using PeerSync.Bench.Load;

namespace PeerSync.Bench.Resp;

/// <summary>What the scenarios of one run share.</summary>
internal sealed class RespRun(RespOptions options, int subscribers, IReadOnlyList<RespTarget> targets, CancellationToken cancellation)
    : TargetRun([], targets, cancellation)
{
    public RespOptions Options => options;

    /// <summary>As many as were asked for, or as the limit of open files allows.</summary>
    public int Subscribers => subscribers;

    /// <summary>Measures all targets, round by round.</summary>
    public Task ForEachAsync(string what, Func<RespTarget, int, Task> measure) => ForEachAsync(options.Rounds, what, measure);
}
