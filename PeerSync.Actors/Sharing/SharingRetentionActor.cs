using PeerSync.Kernel;

namespace PeerSync.Actors.Sharing;

/// <summary>Deletes what the Sharing feature has kept long enough, a small batch at a time, so that no other write waits behind it.</summary>
/// <param name="cleanups">What there is to delete. One that fails keeps none of the others from their turn.</param>
public sealed class SharingRetentionActor(IReadOnlyList<SharingCleanup> cleanups) : UntypedActor, IWithTimers
{
    private const int Batch = 500;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan FirstRun = TimeSpan.FromMinutes(1);

    private bool _isRunning;

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc />
    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Run), Run.Instance, FirstRun, Interval);

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Run when !_isRunning:
                _isRunning = true;
                Delete(0);
                break;
            case Deleted deleted:
                Delete(deleted.Count > 0 ? deleted.Index : deleted.Index + 1);
                break;
            case NotDeleted failed:
                Context.GetLogger().Warning("{0} of Sharing that had been kept long enough could not be deleted: {1}", cleanups[failed.Index].What, failed.Reason);
                Delete(failed.Index + 1);
                break;
        }
    }

    private void Delete(int index)
    {
        if (index == cleanups.Count)
        {
            _isRunning = false;
            return;
        }

        cleanups[index].DeleteAsync(Batch, CancellationToken.None)
            .PipeTo(Self, success: deleted => new Deleted(index, deleted), failure: exception => new NotDeleted(index, exception.Message));
    }

    private sealed record Deleted(int Index, int Count);

    private sealed record NotDeleted(int Index, string Reason);

    private sealed class Run
    {
        internal static Run Instance { get; } = new();
    }
}
