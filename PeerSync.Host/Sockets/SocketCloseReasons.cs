using PeerSync.Protocol.WebSockets;

namespace PeerSync.Host.Sockets;

/// <summary>Why the socket layer itself closes a connection, with code and reason text. Features have their own tables.</summary>
internal static class SocketCloseReasons
{
    /// <summary>Try again later: clients reconnect after it, and find an empty queue.</summary>
    internal const int SlowConsumerCode = WebSocketCloseCode.TryAgainLater;

    /// <summary>Too much waited for this client, or it took nothing for too long.</summary>
    internal const string SlowConsumer = "Slow consumer";

    /// <summary>The server stops (1001): clients reconnect, to another node or to the restarted one.</summary>
    internal const string GoingAway = "Server shutting down";

    /// <summary>The client kept sending above its budget although it was told (1008).</summary>
    internal const string TooManyMessages = "Too many messages";

    /// <summary>A close code as metrics count it: a client may name any code from 3000 to 4999, and each would be a new series.</summary>
    internal static int ForMetrics(int code) => code is < 3000 or 4001 or 4002 ? code : 4000;
}
