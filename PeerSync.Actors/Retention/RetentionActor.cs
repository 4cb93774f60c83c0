using PeerSync.Kernel;
using PeerSync.Storage;

namespace PeerSync.Actors.Retention;

/// <summary>Deletes what has been kept long enough: a small batch at a time, so that no other write waits behind it.</summary>
/// <param name="audit">The audit log.</param>
/// <param name="keep">How long audit entries are kept.</param>
/// <param name="time">The clock.</param>
public sealed class RetentionActor(IAuditLog audit, TimeSpan keep, TimeProvider time) : UntypedActor, IWithTimers
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
                audit.DeleteOlderThanAsync(time.GetUtcNow() - keep, Batch, CancellationToken.None)
                    .PipeTo(Self, success: static deleted => new Deleted(deleted), failure: static exception => new NotDeleted(exception.Message));
                break;
            case Deleted { Count: Batch }:
                Self.Tell(Run.Instance, Self);
                break;
            case NotDeleted failed:
                Context.GetLogger().Warning("Old audit entries could not be deleted: {0}", failed.Reason);
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
