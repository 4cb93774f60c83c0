using PeerSync.Kernel;

namespace PeerSync.Actors.Sync;

/// <summary>Runs the Sync feature's clean-up once an hour.</summary>
/// <param name="retention">What it runs.</param>
public sealed class SyncRetentionActor(SyncRetention retention) : UntypedActor, IWithTimers
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan FirstRun = TimeSpan.FromMinutes(1);

    private bool _running;

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc />
    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Run), Run.Instance, FirstRun, Interval);

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Run when !_running:
                _running = true;
                retention.RunAsync(CancellationToken.None)
                    .PipeTo(Self, success: static () => new Ended(null), failure: static cause => new Ended(cause));
                break;
            case Ended ended:
                _running = false;
                if (ended.Cause is { } cause)
                {
                    Context.GetLogger().Warning("Old events and devices could not all be deleted: {0}", cause.Message);
                }

                break;
        }
    }

    private sealed record Ended(Exception? Cause);

    private sealed class Run
    {
        internal static Run Instance { get; } = new();
    }
}
