using System.Diagnostics;
using PeerSync.Bench.Load.Sockets;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Load.Scenarios;

/// <summary>Connections of one target, opened and closed together and spread over the loops.</summary>
internal sealed class ConnectionGroup : IAsyncDisposable
{
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(5);
    private readonly TargetRun _run;
    private readonly List<LoadConnection>[] _byLoop;

    private ConnectionGroup(TargetRun run)
    {
        _run = run;
        _byLoop = run.Loops.Select(_ => new List<LoadConnection>()).ToArray();
    }

    /// <summary>The connections, by the index of their loop.</summary>
    public IReadOnlyList<IReadOnlyList<LoadConnection>> ByLoop => _byLoop;

    public IEnumerable<LoadConnection> All => _byLoop.SelectMany(list => list);

    /// <summary>Opens connections that only count what they receive once they are logged in.</summary>
    public static Task<ConnectionGroup> OpenAsync(TargetRun run, ISocketTarget target, ServerProcess server, int count, int concurrency)
    {
        return OpenAsync(run, target, server, CreateCredentials(target, server, count), unit: 1, concurrency, ReceiveMode.Count);
    }

    /// <summary>Opens connections and logs them in.</summary>
    /// <param name="run">The run.</param>
    /// <param name="target">What the server is.</param>
    /// <param name="server">The server.</param>
    /// <param name="credentials">One for each connection; made before anything is timed.</param>
    /// <param name="unit">So many neighbours share a loop: 2 for pairs.</param>
    /// <param name="concurrency">How many log in at a time.</param>
    /// <param name="mode">What they do with messages after the login.</param>
    public static async Task<ConnectionGroup> OpenAsync(
        TargetRun run, ISocketTarget target, ServerProcess server, IReadOnlyList<string> credentials, int unit, int concurrency, ReceiveMode mode)
    {
        var group = new ConnectionGroup(run);
        try
        {
            var loops = run.Loops.Count;
            var shares = Enumerable.Range(0, loops)
                .Select(loop => new Queue<string>(credentials.Where((_, i) => i / unit % loops == loop)))
                .ToArray();
            var workers = Math.Max(1, concurrency / loops);
            await group.OnEachLoopAsync(
                loop => Task.WhenAll(Enumerable.Range(0, workers).Select(_ => OpenShareAsync(group, loop, target, server, shares[loop], mode))),
                TimeSpan.FromSeconds(30 + (credentials.Count / 100)),
                "connections that log in");
            return group;
        }
        catch
        {
            await group.DisposeAsync();
            throw;
        }
    }

    public static string[] CreateCredentials(ISocketTarget target, ServerProcess server, int count)
    {
        return Enumerable.Range(0, count).Select(_ => target.CreateCredential(server.NextUser())).ToArray();
    }

    /// <summary>Runs a flow on every loop and waits for all; a loop that has failed, or takes too long, is a fault.</summary>
    public async Task OnEachLoopAsync(Func<int, Task> flow, TimeSpan limit, string what)
    {
        var all = Task.WhenAll(_run.Loops.Select((loop, i) => loop.InvokeAsync(() => flow(i))));
        try
        {
            await all.WaitAsync(limit, _run.Cancellation);
        }
        catch (TimeoutException)
        {
            var fault = _run.Loops.Select(loop => loop.Fault).FirstOrDefault(found => found is not null);
            throw new TimeoutException($"{what}: not done within {limit.TotalSeconds} s", fault);
        }
    }

    /// <inheritdoc cref="OnEachLoopAsync(Func{int, Task}, TimeSpan, string)"/>
    public Task OnEachLoopAsync(Action<int> action, TimeSpan limit, string what)
    {
        return OnEachLoopAsync(
            loop =>
            {
                action(loop);
                return Task.CompletedTask;
            },
            limit,
            what);
    }

    /// <exception cref="InvalidOperationException">The server has ended one of the connections.</exception>
    public void EnsureOpen()
    {
        var failed = All.Where(connection => connection.Error is not null).ToArray();
        if (failed.Length > 0)
        {
            throw new InvalidOperationException($"{failed.Length} connections failed: {failed[0].Error!.Message}", failed[0].Error);
        }
    }

    /// <summary>Waits until no message has arrived for a while: greetings and presence are then over.</summary>
    public async Task WaitUntilQuietAsync(TimeSpan quiet, TimeSpan limit)
    {
        var started = Stopwatch.GetTimestamp();
        var before = CountedMessages();
        while (Stopwatch.GetElapsedTime(started) < limit)
        {
            await Task.Delay(quiet, _run.Cancellation);
            var now = CountedMessages();
            if (now == before)
            {
                return;
            }

            before = now;
        }

        throw new TimeoutException($"Messages kept arriving for {limit.TotalSeconds} s.");
    }

    public long CountedMessages() => All.Sum(connection => connection.CountedMessages);

    public long CountedBytes() => All.Sum(connection => connection.CountedBytes);

    /// <summary>Closes all connections in the regular way, and those that the server does not close in time without it.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_run.Loops.Select((loop, i) => loop.InvokeAsync(async () =>
        {
            var open = _byLoop[i];
            try
            {
                await Task.WhenAll(open.Select(connection => connection.CloseAsync())).WaitAsync(CloseLimit);
            }
            catch (TimeoutException)
            {
                _run.Progress("  the server did not answer all close frames");
            }

            open.ForEach(connection => connection.Abort());
            open.Clear();
        }))).WaitAsync(CloseLimit * 2);
    }

    private static async Task OpenShareAsync(
        ConnectionGroup group, int loop, ISocketTarget target, ServerProcess server, Queue<string> share, ReceiveMode mode)
    {
        while (share.TryDequeue(out var credential))
        {
            var connection = await target.OpenAsync(group._run.Loops[loop], server, credential);
            connection.Mode = mode;
            group._byLoop[loop].Add(connection);
        }
    }
}
