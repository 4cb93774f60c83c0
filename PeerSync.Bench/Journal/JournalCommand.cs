using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using PeerSync.Bench.Load.Measurement;
using PeerSync.Bench.Load.Reporting;
using PeerSync.Kernel;
using PeerSync.Storage;

namespace PeerSync.Bench.Journal;

/// <summary>Measures the journal in this process, without actors and sockets: durable events a second, how long a write takes, and replay.</summary>
internal static class JournalCommand
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        JournalOptions options;
        try
        {
            options = JournalOptions.Parse(args);
        }
        catch (ArgumentException exception)
        {
            await Console.Error.WriteLineAsync($"{exception.Message}\n{JournalOptions.Usage}");
            return 2;
        }

        var folder = Directory.CreateDirectory(Path.Combine(options.Folder, $"peersync-journal-{Environment.ProcessId}")).FullName;
        try
        {
            var sizes = new GroupSizes();
            var settings = new StorageOptions { DataFolder = folder, DatabaseUrl = options.IsPostgres ? options.Url : null };
            await using var store = await StorageFactory.OpenAsync(settings, TimeProvider.System, sizes, CancellationToken.None);
            await MeasureAsync(store, options, sizes);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(DataStore store, JournalOptions options, GroupSizes sizes)
    {
        var serialization = Serialization.Empty.With(new BlobSerializer(), typeof(byte[]));
        var journal = store.CreateJournal(serialization);
        var payload = RandomNumberGenerator.GetBytes(options.Size);
        var writers = Enumerable.Range(0, options.Actors).Select(number => new JournalWriter(journal, number, options.Batch, payload)).ToArray();

        var table = new MarkdownTable("in flight each", "events/s", "p50 ms", "p99 ms", "longest ms", "events per group");
        foreach (var outstanding in options.Outstanding)
        {
            await WriteAsync(writers, outstanding, options.Warmup);
            for (var round = 0; round < options.Rounds; round++)
            {
                Array.ForEach(writers, writer => writer.TakeLatencies());
                sizes.TakeMean();
                var elapsed = await WriteAsync(writers, outstanding, options.Seconds);
                var all = new Histogram();
                Array.ForEach(writers, writer => all.Add(writer.TakeLatencies()));
                table.Add(
                    Text(outstanding),
                    Text(all.Count * options.Batch / elapsed.TotalSeconds),
                    Milliseconds(all.Percentile(50)),
                    Milliseconds(all.Percentile(99)),
                    Milliseconds(all.Max),
                    Text(sizes.TakeMean()));
            }
        }

        await Console.Out.WriteLineAsync(table.ToString(
            $"{store.Engine} {store.EngineVersion}, {options.Actors} actors, {options.Batch} event(s) of {options.Size} bytes per write, {Environment.ProcessorCount} processors"));
        await ReplayAsync(journal, writers);
    }

    private static async Task<TimeSpan> WriteAsync(JournalWriter[] writers, int outstanding, int seconds)
    {
        var started = Stopwatch.GetTimestamp();
        using var ending = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        await Task.WhenAll(writers.Select(writer => Task.Run(() => writer.RunAsync(outstanding, ending.Token))));
        return Stopwatch.GetElapsedTime(started);
    }

    private static async Task ReplayAsync(AsyncWriteJournal journal, JournalWriter[] writers)
    {
        var started = Stopwatch.GetTimestamp();
        var events = 0L;
        foreach (var writer in writers)
        {
            await journal.ReplayMessagesAsync(writer.PersistenceId, 1, long.MaxValue, long.MaxValue, _ => events++, CancellationToken.None);
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        await Console.Out.WriteLineAsync($"Replay, one actor after the other: {Text(events / elapsed.TotalSeconds)} events/s ({events} events).");
    }

    private static string Text(double number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Milliseconds(long microseconds) => (microseconds / 1000.0).ToString("N2", CultureInfo.InvariantCulture);
}
