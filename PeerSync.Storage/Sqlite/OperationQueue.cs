using System.Diagnostics.CodeAnalysis;

namespace PeerSync.Storage.Sqlite;

/// <summary>Operations waiting for the threads that run them: callers wait for room asynchronously, the threads wait for work by blocking.</summary>
/// <remarks>
/// Thread-safe. Not a channel, because a thread that blocks on one is woken through the thread pool, and the pool may be just what is exhausted.
/// </remarks>
[SuppressMessage(
    "Design",
    "CA1001",
    Justification = "A SemaphoreSlim whose wait handle was never asked for holds nothing to release, and disposing it would race with the last waiters.")]
internal sealed class OperationQueue(int capacity)
{
    private readonly object _gate = new();
    private readonly SemaphoreSlim _room = new(capacity, capacity);
    private readonly Queue<SqliteOperation> _operations = new();
    private bool _closed;

    /// <summary>Adds an operation as soon as there is room.</summary>
    /// <exception cref="OperationCanceledException">There was no room until the token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The queue has been closed.</exception>
    public async Task EnqueueAsync(SqliteOperation operation, CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken);
        Add(operation);
    }

    /// <summary>Adds an operation if there is room.</summary>
    /// <exception cref="ObjectDisposedException">The queue has been closed.</exception>
    public bool TryEnqueue(SqliteOperation operation)
    {
        if (!_room.Wait(0))
        {
            return false;
        }

        Add(operation);
        return true;
    }

    /// <summary>Moves what is there, up to <paramref name="max"/>, into <paramref name="taken"/>; blocks while there is nothing.</summary>
    /// <returns>False when the queue is closed and empty.</returns>
    public bool Take(List<SqliteOperation> taken, int max)
    {
        lock (_gate)
        {
            while (_operations.Count == 0)
            {
                if (_closed)
                {
                    return false;
                }

                Monitor.Wait(_gate);
            }

            while (taken.Count < max && _operations.TryDequeue(out var operation))
            {
                taken.Add(operation);
            }
        }

        _room.Release(taken.Count);
        return true;
    }

    /// <summary>Refuses further operations; those inside can still be taken.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Refuses further operations and fails those inside.</summary>
    public void CloseAndFail(Exception exception)
    {
        Close();
        lock (_gate)
        {
            while (_operations.TryDequeue(out var operation))
            {
                operation.Fail(exception);
                _room.Release();
            }
        }
    }

    private void Add(SqliteOperation operation)
    {
        lock (_gate)
        {
            if (!_closed)
            {
                _operations.Enqueue(operation);
                Monitor.Pulse(_gate);
                return;
            }
        }

        // Passes the room on, so that whoever waits behind this caller learns it too.
        _room.Release();
        throw new ObjectDisposedException(nameof(OperationQueue));
    }
}
