namespace PeerSync.Host.Health;

internal sealed partial class ReadinessProbe
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Not ready: {Check}: {Reason}.", EventName = "NotReady")]
        public static partial void NotReady(ILogger logger, string check, string reason);

        [LoggerMessage(2, LogLevel.Information, "Ready again: {Check}.", EventName = "Recovered")]
        public static partial void Recovered(ILogger logger, string check);

        [LoggerMessage(3, LogLevel.Debug, "The readiness check {Check} failed.", EventName = "CheckFaulted")]
        public static partial void CheckFaulted(ILogger logger, string check, Exception exception);
    }
}
