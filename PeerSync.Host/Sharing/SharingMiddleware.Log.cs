namespace PeerSync.Host.Sharing;

internal sealed partial class SharingMiddleware
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Route} failed.", EventName = "SharingRequestFailed")]
        public static partial void Fault(ILogger logger, string route, Exception exception);

        [LoggerMessage(2, LogLevel.Error, "{Route} failed after its answer had begun.", EventName = "SharingAnswerBroken")]
        public static partial void FaultAfterStart(ILogger logger, string route, Exception exception);

        [LoggerMessage(3, LogLevel.Warning, "{Route} was refused because the database does not answer.", EventName = "SharingStorageUnavailable")]
        public static partial void StorageUnavailable(ILogger logger, string route, Exception exception);
    }
}
