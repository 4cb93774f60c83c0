using PeerSync.Host.Health;

namespace PeerSync.Tests.Health;

/// <summary>A check that does what a test says, and counts its calls.</summary>
internal sealed class ScriptedCheck(string name) : IReadinessCheck
{
    private int _calls;

    public int Calls => Volatile.Read(ref _calls);

    public string Name => name;

    public Func<CancellationToken, ValueTask<ReadinessResult>> Run { get; set; } = static _ => ValueTask.FromResult(ReadinessResult.Ready);

    public ValueTask<ReadinessResult> CheckAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        return Run(cancellationToken);
    }
}
