using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using PeerSync.Actors.Rooms;
using PeerSync.Storage;

namespace PeerSync.Host.Rooms;

/// <summary>Writes what happens in rooms to the audit log, many at once and behind the rooms' back.</summary>
/// <remarks>
/// A flood of connections must not stop the rooms: what the database does not take in time is dropped, counted, and said in the log once it goes on.
/// </remarks>
internal sealed partial class RoomsAudit(IAuditLog log, ILogger<RoomsAudit> logger) : BackgroundService, IRoomsAudit
{
    private const int MaxWaiting = 10_000;
    private const int MaxBatch = 500;

    private readonly Channel<AuditEntry> _waiting = Channel.CreateBounded<AuditEntry>(
        new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    private long _dropped;

    /// <inheritdoc />
    public void Record(RoomsAuditEvent happened)
    {
        var entry = new AuditEntry("rooms", happened.Event, happened.UserId, happened.RoomId, Detail(happened));
        if (!_waiting.Writer.TryWrite(entry))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // What is waiting is written still; the host's deadline bounds it.
        _waiting.Writer.TryComplete();
        if (ExecuteTask is { } running)
        {
            await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<AuditEntry>(MaxBatch);
        while (await _waiting.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (batch.Count < MaxBatch && _waiting.Reader.TryRead(out var entry))
            {
                batch.Add(entry);
            }

            try
            {
                await log.AppendAsync(batch, CancellationToken.None);
            }
            catch (Exception exception) when (exception is StorageUnavailableException or ObjectDisposedException)
            {
                Interlocked.Add(ref _dropped, batch.Count);
                Log.NotWritten(logger, batch.Count, exception);
            }

            batch.Clear();
            if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped)
            {
                Log.Dropped(logger, dropped);
            }
        }
    }

    private static string Detail(RoomsAuditEvent happened)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("dialect"u8, RoomsMetrics.NameOf(happened.Form));
            Write("connectionId", happened.ConnectionId);
            Write("address", happened.AddressTag);
            Write("tokenJti", happened.TokenId);
            Write("reason", happened.Reason);
            writer.WriteEndObject();

            void Write(string name, string? value)
            {
                if (!string.IsNullOrEmpty(value))
                {
                    writer.WriteString(name, value);
                }
            }
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Count} audit records could not be written.", EventName = "AuditNotWritten")]
        public static partial void NotWritten(ILogger logger, int count, Exception exception);

        [LoggerMessage(2, LogLevel.Warning, "{Count} audit records were lost because the database did not keep up.", EventName = "AuditDropped")]
        public static partial void Dropped(ILogger logger, long count);
    }
}
