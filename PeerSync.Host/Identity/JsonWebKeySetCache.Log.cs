namespace PeerSync.Host.Identity;

internal sealed partial class JsonWebKeySetCache
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Loaded {Count} token keys from the identity service, left out {Skipped}", EventName = "KeySetLoaded")]
        public static partial void KeySetLoaded(ILogger logger, int count, int skipped);

        [LoggerMessage(
            2,
            LogLevel.Warning,
            "The token keys could not be fetched from the identity service: {Reason}. The {Kept} keys known so far stay in use",
            EventName = "FetchFailed")]
        public static partial void FetchFailed(ILogger logger, string reason, int kept);
    }
}
