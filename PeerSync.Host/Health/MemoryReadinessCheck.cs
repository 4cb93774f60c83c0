namespace PeerSync.Host.Health;

/// <summary>Not ready while the process holds nearly all the memory that the machine or the container has for it.</summary>
internal sealed class MemoryReadinessCheck : IReadinessCheck
{
    private const double MaxShare = 0.95;

    public string Name => "memory";

    public ValueTask<ReadinessResult> CheckAsync(CancellationToken cancellationToken)
    {
        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return ValueTask.FromResult(Judge(Environment.WorkingSet, available));
    }

    /// <param name="used">The process's resident bytes.</param>
    /// <param name="available">The bytes that it may use at most; 0 where unknown.</param>
    internal static ReadinessResult Judge(long used, long available) =>
        available <= 0 || used < available * MaxShare ? ReadinessResult.Ready : ReadinessResult.NotReady("the memory limit is nearly reached");
}
