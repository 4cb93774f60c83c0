namespace PeerSync.Tests.Storage;

/// <summary>Holds up the thread that runs an operation, so that others queue up behind it.</summary>
internal sealed class Blockade : IDisposable
{
    private readonly ManualResetEventSlim _lifted = new();
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _operation = Task.CompletedTask;

    /// <summary>Completes when the thread stands still.</summary>
    public Task Reached => _reached.Task;

    /// <summary>Stands still, on the operation's thread.</summary>
    public int Wait()
    {
        _reached.SetResult();
        _lifted.Wait(TimeSpan.FromSeconds(30));
        return 0;
    }

    /// <summary>Remembers the operation that waits, whose own end is of no interest: it may time out before it is let go.</summary>
    public void Attach(Task operation) => _operation = operation.ContinueWith(ended => _ = ended.Exception, TaskScheduler.Default);

    /// <summary>Lets the thread go on.</summary>
    public void Lift() => _lifted.Set();

    public void Dispose()
    {
        Lift();
        _operation.Wait(TimeSpan.FromSeconds(30));
    }
}
