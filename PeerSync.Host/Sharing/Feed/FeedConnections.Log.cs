namespace PeerSync.Host.Sharing.Feed;

/// <content>Log messages of the feed's connections.</content>
internal sealed partial class FeedConnections
{
    /// <summary>Shared with <see cref="FeedConnection"/>, which has no category of its own.</summary>
    internal static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Listener {ConnectionId} reads too slowly and is disconnected.", EventName = "SlowListener")]
        internal static partial void Slow(ILogger logger, string connectionId);

        [LoggerMessage(2, LogLevel.Error, "Writing to listener {ConnectionId} failed.", EventName = "ListenerWriterFailed")]
        internal static partial void WriterFailed(ILogger logger, string connectionId, Exception exception);

        [LoggerMessage(3, LogLevel.Error, "Reading from listener {ConnectionId} failed.", EventName = "ListenerReaderFailed")]
        internal static partial void ReaderFailed(ILogger logger, string connectionId, Exception exception);
    }
}
