using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Sqlite;

/// <summary>An operation with a result.</summary>
internal sealed class SqliteOperation<T>(Func<DatabaseSession, ValueTask<T>> work) : SqliteOperation
{
    // The waiters go on elsewhere: the thread that commits must not run them.
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    /// <summary>The outcome, once published.</summary>
    public Task<T> Completion => _completion.Task;

    /// <inheritdoc/>
    public override bool TryRun(DatabaseSession session)
    {
        try
        {
            var running = work(session);
            if (!running.IsCompleted)
            {
                throw new InvalidOperationException("An operation awaited something else than its session.");
            }

            _result = running.GetAwaiter().GetResult();
            return true;
        }
        catch (Exception e)
        {
            Fault = e;
            return false;
        }
    }

    /// <inheritdoc/>
    public override void Publish()
    {
        if (Fault is not null)
        {
            Fail(Fault);
        }
        else
        {
            _completion.TrySetResult(_result!);
        }
    }

    /// <inheritdoc/>
    public override void Fail(Exception exception)
    {
        // An exception that nobody is left to observe would surface as an unobserved one.
        if (IsAbandoned)
        {
            _completion.TrySetCanceled();
        }
        else
        {
            _completion.TrySetException(exception);
        }
    }
}
