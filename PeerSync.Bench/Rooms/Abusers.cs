using System.Diagnostics;
using PeerSync.Bench.Load.Sockets;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Rooms;

/// <summary>
/// Opens sockets at a fixed rate, on a loop of their own, and drops each at once without a word: half of them after the upgrade, half after they have entered a room.
/// </summary>
internal sealed class Abusers(EventLoop loop, RoomTarget target, ServerProcess server)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(1);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _begun;
    private int _ended;
    private int _refused;

    /// <summary>Sockets that the server did not let in. Read it when all are done.</summary>
    public int Refused => _refused;

    /// <summary>Opens and drops so many within so many seconds, and waits for the last. May be called from any thread.</summary>
    public async Task RunAsync(int count, double seconds, CancellationToken cancellationToken)
    {
        var interval = seconds * Stopwatch.Frequency / count;
        LoopTimer? timer = null;
        await loop.InvokeAsync(() =>
        {
            var started = Stopwatch.GetTimestamp();
            timer = new LoopTimer(loop, Period, () =>
            {
                var due = Math.Min(count, (int)((Stopwatch.GetTimestamp() - started) / interval));
                while (_begun < due)
                {
                    _ = AbuseAsync(++_begun, count);
                }
            });
        });
        try
        {
            await _done.Task.WaitAsync(TimeSpan.FromSeconds(seconds * 2), cancellationToken);
        }
        finally
        {
            await loop.InvokeAsync(() => timer!.Dispose());
        }
    }

    private async Task AbuseAsync(int number, int count)
    {
        try
        {
            var open = number % 2 == 0 ? target.ConnectAsync(loop, server) : target.OpenAsync(loop, server, target.CreateCredential(server.NextUser()));
            (await open).Abort();
        }
        catch (Exception)
        {
            // Whatever it is, it is counted: the figure stands in the table.
            _refused++;
        }

        if (++_ended == count)
        {
            _done.SetResult();
        }
    }
}
