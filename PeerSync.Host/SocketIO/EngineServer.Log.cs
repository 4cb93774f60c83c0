using PeerSync.Actors.SocketIO;

namespace PeerSync.Host.SocketIO;

/// <content>Log messages of Engine.IO sessions.</content>
internal sealed partial class EngineServer
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "A session ended: {Reason}.", EventName = "SessionClosed")]
        internal static partial void Closed(ILogger logger, SocketIODisconnectReason reason);
    }
}
