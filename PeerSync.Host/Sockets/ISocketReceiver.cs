using PeerSync.Actors.Connections;
using PeerSync.Protocol.Buffers;

namespace PeerSync.Host.Sockets;

/// <summary>Takes what a connection of an <see cref="IRequestDialect"/> reads. Called by the connection's reader, so never twice at once for one connection.</summary>
internal interface ISocketReceiver
{
    /// <summary>Takes over a message and owes the connection one credit for it. Must not block.</summary>
    /// <param name="connection">Where it was read.</param>
    /// <param name="message">Its bytes; text is valid UTF-8.</param>
    /// <param name="isText">Whether it came in text frames.</param>
    void OnMessage(IConnection connection, MessageBuffer message, bool isText);

    /// <summary>The connection is over, whoever ended it. The last call.</summary>
    void OnClosed(IConnection connection);
}
