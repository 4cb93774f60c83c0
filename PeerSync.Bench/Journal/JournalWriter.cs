using System.Diagnostics;
using System.Globalization;
using PeerSync.Bench.Load.Measurement;
using PeerSync.Kernel;

namespace PeerSync.Bench.Journal;

/// <summary>An actor's side of the journal: keeps some writes in flight and measures how long each takes.</summary>
internal sealed class JournalWriter(AsyncWriteJournal journal, int number, int batch, byte[] payload)
{
    private readonly Lock _gate = new();
    private readonly string _writer = Guid.NewGuid().ToString("N");
    private long _last;

    public string PersistenceId { get; } = string.Create(CultureInfo.InvariantCulture, $"bench-{number}");

    /// <summary>Microseconds of each write, since it was last taken.</summary>
    public Histogram Latencies { get; private set; } = new();

    /// <summary>Writes until the token is cancelled, and then waits for what is in flight.</summary>
    public async Task RunAsync(int outstanding, CancellationToken ending)
    {
        var inFlight = new Queue<Task>();
        while (!ending.IsCancellationRequested)
        {
            if (inFlight.Count == outstanding)
            {
                await inFlight.Dequeue();
            }

            inFlight.Enqueue(WriteAsync());
        }

        await Task.WhenAll(inFlight);
    }

    public Histogram TakeLatencies()
    {
        lock (_gate)
        {
            var taken = Latencies;
            Latencies = new Histogram();
            return taken;
        }
    }

    private async Task WriteAsync()
    {
        var events = new Persistent[batch];
        for (var i = 0; i < batch; i++)
        {
            events[i] = new Persistent(payload, ++_last, PersistenceId, _writer, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        }

        var started = Stopwatch.GetTimestamp();
        await journal.WriteMessagesAsync(events);
        var elapsed = (long)Stopwatch.GetElapsedTime(started).TotalMicroseconds;
        lock (_gate)
        {
            Latencies.Record(elapsed);
        }
    }
}
