using System.Collections.Concurrent;
using System.IO.Pipelines;
using PeerSync.Actors.Sharing;

namespace PeerSync.Host.Sharing.Feed;

/// <summary>The feed's connections that are no WebSockets: their table, their clock, their end when the server stops.</summary>
internal sealed partial class FeedConnections : IDisposable
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<long, FeedConnection> _open = new();
    private readonly ITimer _timer;
    private long _lastNumber;
    private long _ticks;
    private volatile bool _draining;
    private TaskCompletionSource? _empty;

    public FeedConnections(FeedConnectionOptions options, FeedCounters counters, TimeProvider time, ILogger<FeedConnections> logger)
    {
        Options = options;
        Counters = counters;
        Logger = logger;
        StallTicks = ToTicks(options.StallTimeout);
        CloseTicks = ToTicks(options.CloseTimeout);
        SignOfLifeTicks = ToTicks(options.SignOfLife);
        _timer = time.CreateTimer(static state => ((FeedConnections)state!).Tick(), this, TickInterval, TickInterval);
    }

    internal FeedConnectionOptions Options { get; }

    internal FeedCounters Counters { get; }

    internal ILogger<FeedConnections> Logger { get; }

    internal int StallTicks { get; }

    internal int CloseTicks { get; }

    internal int SignOfLifeTicks { get; }

    /// <summary>Seconds since the start, counted by the one timer.</summary>
    internal long Ticks => Volatile.Read(ref _ticks);

    /// <summary>How many are open.</summary>
    internal int Count => _open.Count;

    /// <summary>Whether nobody new is let in because the server stops.</summary>
    internal bool IsDraining => _draining;

    /// <inheritdoc />
    public void Dispose() => _timer.Dispose();

    /// <summary>A duration in whole ticks, at least one.</summary>
    internal static int ToTicks(TimeSpan duration) => (int)Math.Clamp(Math.Ceiling(duration / TickInterval), 1, int.MaxValue / 2);

    /// <summary>A copy of the table.</summary>
    internal IReadOnlyCollection<FeedConnection> Snapshot() => [.. _open.Values];

    /// <summary>Enters a connection; <see cref="FeedConnection.EndAsync"/> takes it out.</summary>
    /// <param name="output">Where to write.</param>
    /// <param name="cut">Cuts the connection; thread-safe.</param>
    /// <param name="addressTag">The client's hashed address.</param>
    /// <param name="outboundBytes">What may wait for it.</param>
    /// <param name="needsSignsOfLife">Whether something is written to it at times.</param>
    internal FeedConnection Open(PipeWriter output, Action cut, string addressTag, long outboundBytes, bool needsSignsOfLife)
    {
        var connection = new FeedConnection(this, output, cut, Interlocked.Increment(ref _lastNumber), addressTag, outboundBytes, needsSignsOfLife);
        _open[connection.Number] = connection;
        if (_draining)
        {
            connection.Close(0, string.Empty);
        }

        return connection;
    }

    /// <summary>Called by a connection at its end, once.</summary>
    internal void Remove(FeedConnection connection)
    {
        _open.TryRemove(connection.Number, out _);
        if (_draining && _open.IsEmpty)
        {
            Volatile.Read(ref _empty)?.TrySetResult();
        }
    }

    /// <summary>Lets nobody in any more and ends every connection, spread over a while so that clients do not all come back at once.</summary>
    /// <param name="spread">Over how long the ends are spread.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait: what is still open then is cut.</param>
    internal async Task DrainAsync(TimeSpan spread, TimeProvider time, CancellationToken cancellationToken)
    {
        const int Steps = 20;
        if (_draining)
        {
            return;
        }

        var empty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _empty, empty);
        _draining = true;
        var connections = Snapshot();
        try
        {
            var size = Math.Max(1, (connections.Count + Steps - 1) / Steps);
            foreach (var batch in connections.Chunk(size))
            {
                foreach (var connection in batch)
                {
                    connection.Close(0, string.Empty);
                }

                if (connections.Count > size)
                {
                    await Task.Delay(spread / Steps, time, cancellationToken);
                }
            }

            if (!_open.IsEmpty)
            {
                await empty.Task.WaitAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            foreach (var connection in _open.Values)
            {
                connection.Abort();
            }
        }
    }

    private void Tick()
    {
        var now = Interlocked.Increment(ref _ticks);
        foreach (var (_, connection) in _open)
        {
            connection.Tick(now);
        }
    }
}
