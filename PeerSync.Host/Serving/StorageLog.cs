using PeerSync.Storage;

namespace PeerSync.Host.Serving;

/// <summary>Logs and counts what the storage reports.</summary>
internal sealed partial class StorageLog(ILoggerFactory loggers, StorageCounters counters) : IStorageEvents
{
    private readonly ILogger _logger = loggers.CreateLogger("PeerSync.Storage");

    /// <inheritdoc />
    public void MigrationApplied(int number, string name, TimeSpan duration) => Log.Migrated(_logger, number, name, duration.TotalMilliseconds);

    /// <inheritdoc />
    public void OperationRetried(string operation, Exception reason)
    {
        counters.Retries.Increment();
        Log.Retried(_logger, operation, reason.GetType().Name);
    }

    /// <inheritdoc />
    public void OperationFailed(string operation, Exception exception)
    {
        counters.Failures.Increment();
        Log.Failed(_logger, operation, exception);
    }

    /// <inheritdoc />
    public void EventsCommitted(int events, int batches, TimeSpan duration)
    {
        counters.Events.Add(events);
        counters.Writes.Add(batches);
        counters.Groups.Increment();
        counters.CommitMicroseconds.Add((long)duration.TotalMicroseconds);
    }

    /// <inheritdoc />
    public void EventsRefused(int events, Exception reason)
    {
        counters.Refused.Add(events);
        Log.Refused(_logger, events, reason.GetType().Name);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Migration {Number} ({Name}) applied in {Milliseconds:0} ms.", EventName = "MigrationApplied")]
        internal static partial void Migrated(ILogger logger, int number, string name, double milliseconds);

        [LoggerMessage(2, LogLevel.Information, "Storage: {Operation} is tried once more after {Reason}.", EventName = "OperationRetried")]
        internal static partial void Retried(ILogger logger, string operation, string reason);

        [LoggerMessage(3, LogLevel.Warning, "Storage: {Operation} failed.", EventName = "OperationFailed")]
        internal static partial void Failed(ILogger logger, string operation, Exception exception);

        [LoggerMessage(4, LogLevel.Warning, "Storage: {Events} events of an actor were refused with {Reason}.", EventName = "EventsRefused")]
        internal static partial void Refused(ILogger logger, int events, string reason);
    }
}
