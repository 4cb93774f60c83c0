using System.Diagnostics;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Resp;

/// <summary>Many connections that have subscribed, and count what arrives on all of them together.</summary>
internal sealed class RespSubscribers : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _ending = new();
    private readonly List<RespSocket> _sockets = [];
    private readonly List<Task> _listening = [];
    private TaskCompletionSource _all = new();
    private int _missing;
    private long _first;
    private long _last;

    /// <summary>How many there are.</summary>
    public int Count => _sockets.Count;

    /// <summary>Opens so many, some at a time.</summary>
    public static async Task<RespSubscribers> OpenAsync(RespTarget target, ServerProcess server, int count, int concurrency, CancellationToken cancellationToken)
    {
        var group = new RespSubscribers();
        try
        {
            await Parallel.ForAsync(
                0,
                count,
                new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancellationToken },
                async (_, cancelled) => group.Add(await OpenAsync(target, server, cancelled)));
            return group;
        }
        catch
        {
            await group.DisposeAsync();
            throw;
        }
    }

    /// <summary>Publishes one event and waits until it has arrived everywhere.</summary>
    /// <returns>How long it took from the publisher's first byte until the first and the last subscriber had it.</returns>
    public async Task<(TimeSpan First, TimeSpan Last)> MeasureAsync(IRespPublisher publisher, CancellationToken cancellationToken)
    {
        _all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _first, 0);
        Volatile.Write(ref _missing, _sockets.Count);
        var started = Stopwatch.GetTimestamp();
        await publisher.PublishAsync(cancellationToken);
        try
        {
            await _all.Task.WaitAsync(Patience, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"An event had not reached {Volatile.Read(ref _missing)} of {_sockets.Count} subscribers within {Patience.TotalSeconds} s.");
        }

        return (Stopwatch.GetElapsedTime(started, Volatile.Read(ref _first)), Stopwatch.GetElapsedTime(started, Volatile.Read(ref _last)));
    }

    /// <summary>Fails where a connection has ended.</summary>
    public void EnsureOpen()
    {
        if (_listening.Find(static task => task.IsCompleted) is { } ended)
        {
            throw new InvalidOperationException($"A subscriber's connection has ended: {ended.Exception?.InnerException?.Message}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }

        // How each ended is of no interest any more.
        await Task.WhenAll(_listening).ContinueWith(static all => _ = all.Exception, TaskScheduler.Default);
        _ending.Dispose();
    }

    private static async Task<RespSocket> OpenAsync(RespTarget target, ServerProcess server, CancellationToken cancellationToken)
    {
        var socket = await RespSocket.ConnectAsync(target.RespPort, server.NextSource(), cancellationToken);
        if (target.Password is { } password)
        {
            await socket.AskAsync(cancellationToken, "AUTH", "any", password);
        }

        await socket.SubscribeAsync(cancellationToken);
        return socket;
    }

    private void Add(RespSocket socket)
    {
        lock (_sockets)
        {
            _sockets.Add(socket);
            _listening.Add(socket.ListenAsync(Arrived, _ending.Token));
        }
    }

    private void Arrived(int count)
    {
        var now = Stopwatch.GetTimestamp();
        Interlocked.CompareExchange(ref _first, now, 0);
        if (Interlocked.Add(ref _missing, -count) == 0)
        {
            Volatile.Write(ref _last, now);
            _all.TrySetResult();
        }
    }
}
