namespace PeerSync.Host.Sync;

internal sealed partial class SyncMiddleware
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The handler of {Route} failed.", EventName = "UnhandledFault")]
        public static partial void UnhandledFault(ILogger logger, string route, Exception exception);

        [LoggerMessage(2, LogLevel.Error, "The handler of {Route} failed after its answer had begun; the connection is cut.", EventName = "FaultAfterStart")]
        public static partial void FaultAfterStart(ILogger logger, string route, Exception exception);
    }
}
