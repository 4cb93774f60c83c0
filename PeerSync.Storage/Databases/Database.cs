using PeerSync.Storage.Journal;

namespace PeerSync.Storage.Databases;

/// <summary>One database, whichever the engine: it runs operations, and turns what the engine throws into the two exceptions that callers know.</summary>
/// <remarks>
/// Thread-safe. An operation may be run a second time after a failure that left no effect, so it changes nothing but through its session; and it awaits nothing
/// but its session. Every method throws <see cref="StorageUnavailableException"/>, <see cref="ConstraintViolationException"/>,
/// <see cref="OperationCanceledException"/> when cancelled, and <see cref="ObjectDisposedException"/> once closing has begun.
/// </remarks>
internal abstract class Database : IAsyncDisposable
{
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _running;
    private int _closing;

    /// <summary>Holds what both engines need.</summary>
    protected Database(StorageOptions options, TimeProvider time, IStorageEvents events)
    {
        Options = options;
        Time = time;
        Events = events;
    }

    /// <summary>The engine.</summary>
    public abstract DatabaseEngine Engine { get; }

    /// <summary>The engine's version, as it reports it.</summary>
    public abstract string EngineVersion { get; }

    /// <summary>Where the data is: a file, or host, port and database; without a password.</summary>
    public abstract string Place { get; }

    /// <summary>The current time in UTC with microseconds, as it will be read back.</summary>
    public DateTimeOffset Now => Microseconds.Now(Time);

    /// <summary>The settings.</summary>
    protected StorageOptions Options { get; }

    /// <summary>The clock.</summary>
    protected TimeProvider Time { get; }

    /// <summary>Who is told.</summary>
    protected IStorageEvents Events { get; }

    /// <summary>Runs queries. Each sees what was committed when it began; two in one operation may see different states.</summary>
    /// <param name="operation">What is being done, for messages: "reading a user".</param>
    /// <param name="work">The queries.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public Task<T> ReadAsync<T>(string operation, Func<DatabaseSession, ValueTask<T>> work, CancellationToken cancellationToken) =>
        GuardAsync(operation, () => ReadCoreAsync(operation, work, cancellationToken), cancellationToken);

    /// <summary>Runs statements atomically; they are durable when the task completes.</summary>
    /// <param name="operation">What is being done, for messages: "saving a user".</param>
    /// <param name="work">The statements. An exception undoes them all.</param>
    /// <param name="cancellationToken">Cancels the wait. An operation that has not begun then is dropped; one that has may still take effect.</param>
    public Task<T> WriteAsync<T>(string operation, Func<DatabaseSession, ValueTask<T>> work, CancellationToken cancellationToken) =>
        GuardAsync(operation, () => WriteCoreAsync(operation, work, cancellationToken), cancellationToken);

    /// <summary>Runs one transaction on a connection of its own while no other process does the same. For migrations, before anything else is asked.</summary>
    /// <param name="operation">What is being done, for messages.</param>
    /// <param name="work">The statements. An exception undoes them all.</param>
    /// <param name="timeout">How long to wait for its turn, and for each statement.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public Task<T> RunExclusiveAsync<T>(string operation, Func<DatabaseSession, ValueTask<T>> work, TimeSpan timeout, CancellationToken cancellationToken) =>
        GuardAsync(operation, () => RunExclusiveCoreAsync(work, timeout, cancellationToken), cancellationToken);

    /// <summary>Takes one group of events from the source as soon as it can be written, writes it, and tells the source.</summary>
    public abstract void WriteGroup(IGroupSource source);

    /// <summary>Asks the database whether it answers and would accept a write. Completes when it does, and throws otherwise.</summary>
    /// <exception cref="StorageUnavailableException">It does not, or not within the deadline.</exception>
    public async Task PingAsync(TimeSpan deadline, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(deadline, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            // The wait ends at the deadline even if the driver needs longer to cancel what it has sent.
            var asking = PingCoreAsync(either.Token);
            _ = asking.ContinueWith(ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            await asking.WaitAsync(either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StorageUnavailableException($"The database did not answer within {deadline.TotalSeconds:0.###} seconds.", e);
        }
    }

    /// <summary>Refuses new operations, waits for those that are under way within <see cref="StorageOptions.ShutdownTimeout"/>, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        using var deadline = new CancellationTokenSource(Options.ShutdownTimeout, Time);
        await CloseAsync(deadline.Token);
    }

    /// <summary>Refuses new operations, waits for those that are under way until the deadline is cancelled, and closes.</summary>
    public async Task CloseAsync(CancellationToken deadline)
    {
        if (Interlocked.Exchange(ref _closing, 1) != 0)
        {
            await _closed.Task;
            return;
        }

        if (Interlocked.Read(ref _running) == 0)
        {
            _idle.TrySetResult();
        }

        await Task.WhenAny(_idle.Task, Task.Delay(Timeout.InfiniteTimeSpan, Time, deadline));
        try
        {
            await CloseCoreAsync(deadline);
        }
        finally
        {
            _closed.SetResult();
        }
    }

    /// <summary>Whether an exception says that the engine understood a statement and refused it, so that trying again does not help.</summary>
    public abstract bool IsRefusal(Exception exception);

    /// <summary>Runs a read.</summary>
    protected abstract Task<T> ReadCoreAsync<T>(string operation, Func<DatabaseSession, ValueTask<T>> work, CancellationToken cancellationToken);

    /// <summary>Runs a write.</summary>
    protected abstract Task<T> WriteCoreAsync<T>(string operation, Func<DatabaseSession, ValueTask<T>> work, CancellationToken cancellationToken);

    /// <summary>Runs a transaction under the lock that keeps other processes out.</summary>
    protected abstract Task<T> RunExclusiveCoreAsync<T>(Func<DatabaseSession, ValueTask<T>> work, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Asks the engine, reading and writing.</summary>
    protected abstract Task PingCoreAsync(CancellationToken cancellationToken);

    /// <summary>Closes; <paramref name="deadline"/> is cancelled when nothing may be waited for any more.</summary>
    protected abstract Task CloseCoreAsync(CancellationToken deadline);

    /// <summary>Whether an exception says that a constraint refused a write.</summary>
    protected abstract bool IsConstraintViolation(Exception exception);

    /// <summary>Whether an exception comes from the engine or the way to it.</summary>
    protected abstract bool IsEngineFault(Exception exception);

    private async Task<T> GuardAsync<T>(string operation, Func<Task<T>> run, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Enter();
        try
        {
            return await run();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e) when (Translate(operation, e) is { } translated)
        {
            Events.OperationFailed(operation, translated);
            throw translated;
        }
        finally
        {
            Leave();
        }
    }

    private Exception? Translate(string operation, Exception exception)
    {
        if (IsConstraintViolation(exception))
        {
            return new ConstraintViolationException($"A constraint of the database refused {operation}.", exception);
        }

        if (exception is OperationCanceledException or TimeoutException)
        {
            return new StorageUnavailableException($"The database did not answer in time while {operation}.", exception);
        }

        return IsEngineFault(exception) ? new StorageUnavailableException($"The database failed while {operation}.", exception) : null;
    }

    private void Enter()
    {
        // Counted before the flag is read, as closing sets the flag before it reads the count: one of the two always sees the other.
        Interlocked.Increment(ref _running);
        if (Volatile.Read(ref _closing) != 0)
        {
            Leave();
            throw new ObjectDisposedException(nameof(Database));
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _running) == 0 && Volatile.Read(ref _closing) != 0)
        {
            _idle.TrySetResult();
        }
    }
}
