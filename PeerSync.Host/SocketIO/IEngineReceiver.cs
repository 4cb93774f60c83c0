using PeerSync.Actors.Connections;
using PeerSync.Actors.SocketIO;
using PeerSync.Protocol.Buffers;

namespace PeerSync.Host.SocketIO;

/// <summary>Takes what one Engine.IO session's client sends. Must not block.</summary>
internal interface IEngineReceiver
{
    /// <summary>Takes over a message and owes one credit for it. Never called twice at once.</summary>
    /// <param name="message">The bytes; text is valid UTF-8.</param>
    /// <param name="offset">Where the content begins: behind the packet's type, which binary messages have not.</param>
    /// <param name="isText">Whether it is text.</param>
    /// <param name="credit">Gets the credit back.</param>
    void OnMessage(MessageBuffer message, int offset, bool isText, ICreditSource credit);

    /// <summary>The session's deadline has passed (<see cref="EngineSession.SetDeadline"/>).</summary>
    void OnDeadline();

    /// <summary>The session is over, whoever ended it; called once. A message may still be under way on another thread.</summary>
    void OnClosed(SocketIODisconnectReason reason);
}
