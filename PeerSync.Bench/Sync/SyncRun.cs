using System.Diagnostics;
using System.Globalization;
using PeerSync.Bench.Load.Measurement;
using PeerSync.Bench.Load.Sockets;

namespace PeerSync.Bench.Sync;

/// <summary>What the scenarios of one run share.</summary>
internal sealed record SyncRun(SyncOptions Options, EventLoop Loop, CancellationToken Cancellation)
{
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <summary>What could not be measured, for the end of the report.</summary>
    public IList<string> Faults { get; } = [];

    /// <summary>What was measured so far, of every scenario: tells how undisturbed the machine was.</summary>
    public IList<Usage> Measured { get; } = [];

    /// <summary>A line on standard error.</summary>
    public void Progress(string line)
    {
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[{Stopwatch.GetElapsedTime(_started).TotalSeconds,6:F1}] {line}"));
    }

    public Task DelayAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), Cancellation);

    /// <summary>Runs a flow on the loop and gives its result.</summary>
    public async Task<T> OnLoopAsync<T>(Func<Task<T>> flow)
    {
        T result = default!;
        await Loop.InvokeAsync(async () => result = await flow()).WaitAsync(Cancellation);
        return result;
    }

    /// <summary>Waits on the caller's side until something that the loop does has happened.</summary>
    public async Task UntilAsync(Func<bool> isDone, IEnumerable<LoadConnection> connections, TimeSpan limit, string what)
    {
        var open = connections.ToArray();
        var started = Stopwatch.GetTimestamp();
        while (!isDone())
        {
            EnsureOpen(open);
            if (Stopwatch.GetElapsedTime(started) > limit)
            {
                throw new TimeoutException($"{what}: not done within {limit.TotalSeconds} s", Loop.Fault);
            }

            await Task.Delay(1, Cancellation);
        }

        EnsureOpen(open);
    }

    /// <summary>Closes connections in the regular way, and those that the server does not close in time without it.</summary>
    public async Task CloseAsync(IEnumerable<LoadConnection> connections)
    {
        var all = connections.ToArray();
        await Loop.InvokeAsync(async () =>
        {
            try
            {
                await Task.WhenAll(all.Select(connection => connection.CloseAsync())).WaitAsync(TimeSpan.FromSeconds(5));
            }
            catch (TimeoutException)
            {
                Progress("  the server did not answer all close frames");
            }

            Array.ForEach(all, connection => connection.Abort());
        });
    }

    private static void EnsureOpen(LoadConnection[] connections)
    {
        if (Array.Find(connections, connection => connection.Error is not null) is { } failed)
        {
            throw new InvalidOperationException($"A connection failed: {failed.Error!.Message}", failed.Error);
        }
    }
}
