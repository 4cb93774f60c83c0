namespace PeerSync.Host.Sockets;

/// <content>Log messages of the socket layer.</content>
internal sealed partial class SocketServer
{
    /// <summary>Shared with <see cref="WebSocketConnection"/>, which has no category of its own.</summary>
    internal static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Connection {ConnectionId} opened.", EventName = "ConnectionOpened")]
        internal static partial void Opened(ILogger logger, string connectionId);

        [LoggerMessage(2, LogLevel.Debug, "Connection {ConnectionId} closed with {CloseCode}.", EventName = "ConnectionClosed")]
        internal static partial void Closed(ILogger logger, string connectionId, int closeCode);

        [LoggerMessage(3, LogLevel.Information, "Connection {ConnectionId} reads too slowly and is disconnected.", EventName = "SlowConsumer")]
        internal static partial void SlowConsumer(ILogger logger, string connectionId);

        [LoggerMessage(4, LogLevel.Error, "Reading connection {ConnectionId} failed.", EventName = "ReaderFailed")]
        internal static partial void ReaderFailed(ILogger logger, string connectionId, Exception exception);

        [LoggerMessage(5, LogLevel.Error, "Writing to connection {ConnectionId} failed.", EventName = "WriterFailed")]
        internal static partial void WriterFailed(ILogger logger, string connectionId, Exception exception);

        [LoggerMessage(6, LogLevel.Information, "Telling {Connections} clients to reconnect elsewhere.", EventName = "Draining")]
        internal static partial void Draining(ILogger logger, int connections);
    }
}
