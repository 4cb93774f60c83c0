namespace PeerSync.Host.Sync;

internal static partial class SyncEndpoints
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Failure}: the storage did not answer.", EventName = "StorageUnavailable")]
        public static partial void StorageUnavailable(ILogger logger, string failure, Exception exception);
    }
}
