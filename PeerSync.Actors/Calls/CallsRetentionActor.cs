using PeerSync.Kernel;
using PeerSync.Storage.Calls;

namespace PeerSync.Actors.Calls;

/// <summary>Deletes what the Calls feature has kept long enough, a small batch at a time, so that no other write waits behind it.</summary>
/// <param name="directory">Where it is kept.</param>
/// <param name="retention">For how long.</param>
public sealed class CallsRetentionActor(ICallsDirectory directory, CallsRetention retention) : UntypedActor, IWithTimers
{
    private const int Batch = 500;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan FirstRun = TimeSpan.FromMinutes(1);

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc />
    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Run), Run.Instance, FirstRun, Interval);

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Run:
                directory.DeleteExpiredAsync(retention, Batch, CancellationToken.None)
                    .PipeTo(Self, success: static deleted => new Deleted(deleted), failure: static exception => new NotDeleted(exception.Message));
                break;
            case Deleted { Count: > 0 }:
                Self.Tell(Run.Instance, Self);
                break;
            case NotDeleted failed:
                Context.GetLogger().Warning("What calls had kept long enough could not be deleted: {0}", failed.Reason);
                break;
        }
    }

    private sealed record Deleted(int Count);

    private sealed record NotDeleted(string Reason);

    private sealed class Run
    {
        internal static Run Instance { get; } = new();
    }
}
