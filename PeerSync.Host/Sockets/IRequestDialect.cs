using PeerSync.Actors.Connections;
using PeerSync.Protocol.WebSockets;

namespace PeerSync.Host.Sockets;

/// <summary>
/// A dialect that is chosen by the request alone and has its paths for itself. It may speak first, finds the dead among its clients itself, and takes
/// messages right where they are read instead of in an actor.
/// </summary>
internal interface IRequestDialect : ISocketDialect
{
    /// <summary>Whether the request's query and headers fit; null where they do. Changes nothing, since it may be asked twice.</summary>
    UpgradeRefusal? Check(WebSocketUpgrade request);

    /// <summary>Called once for an admitted connection, before anything is read.</summary>
    ISocketReceiver Open(IConnection connection, WebSocketUpgrade request);
}
