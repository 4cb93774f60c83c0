namespace PeerSync.Host.Http;

internal sealed partial class FaultMiddleware
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The handler of {Route} failed.", EventName = "UnhandledFault")]
        public static partial void UnhandledFault(ILogger logger, string route, Exception exception);

        [LoggerMessage(2, LogLevel.Error, "The handler of {Route} failed after its answer had begun; the connection is cut.", EventName = "FaultAfterStart")]
        public static partial void FaultAfterStart(ILogger logger, string route, Exception exception);

        [LoggerMessage(3, LogLevel.Warning, "{Route} was answered 503 because the storage did not answer.", EventName = "StorageUnavailable")]
        public static partial void StorageUnavailable(ILogger logger, string route, Exception exception);
    }
}
