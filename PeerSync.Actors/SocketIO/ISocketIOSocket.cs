using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Connections;
using PeerSync.Protocol.Identity;

namespace PeerSync.Actors.SocketIO;

/// <summary>One client's part in one namespace, as the socket's actor speaks to it.</summary>
/// <remarks>
/// <para>The actor is told, in this order: one <see cref="SocketIOConnecting"/>; after <see cref="Start"/> each <see cref="SocketIOEvent"/> and
/// <see cref="SocketIOAnswer"/> as the client sent them; one <see cref="SocketIODisconnected"/>, after which it stops itself.</para>
/// <para>Thread-safe. No member blocks, waits for the network or throws because the client is gone: what is sent to an ended socket is released and forgotten.</para>
/// </remarks>
public interface ISocketIOSocket
{
    /// <summary>The socket's id as its client knows it; unguessable, and no secret between the two.</summary>
    string Id { get; }

    /// <summary>The namespace.</summary>
    string Namespace { get; }

    /// <summary>Names the socket in the process; others of the same client have others.</summary>
    ConnectionId ConnectionId { get; }

    /// <summary>The client's address as a keyed hash: equal for equal addresses within one run of the server, and of no use outside it.</summary>
    string AddressTag { get; }

    /// <summary>What the request said that opened the session.</summary>
    SocketIOHandshake Handshake { get; }

    /// <summary>How much is queued for the client and not yet on its way, in bytes.</summary>
    long QueuedBytes { get; }

    /// <summary>Lets the client in: it is connected and may send. Its events are kept back until <see cref="Start"/>, a few of them; more end the session.</summary>
    void Accept();

    /// <summary>Does not let the client in. For a socket that was accepted, <see cref="Disconnect"/> is the way.</summary>
    /// <param name="message">What the client's error says.</param>
    /// <param name="data">JSON for the error's <c>data</c>; empty for none.</param>
    void Refuse(string message, ReadOnlySpan<byte> data = default);

    /// <summary>Events are delivered from now on, first those that were kept back. To be called once the client is authenticated.</summary>
    void Start();

    /// <summary>Names the user in the operator's list and counts the connection as authenticated.</summary>
    void Authenticated(UserId userId);

    /// <summary>Queues one packet of this namespace and takes over one reference to it. A queue that is full disconnects the slow consumer.</summary>
    /// <param name="packet">Written by <see cref="PeerSync.Protocol.SocketIO.SocketIOWriter"/>; it may be shared by all sockets of the namespace.</param>
    void Send(MessageBuffer packet);

    /// <summary>Queues one packet and its binary attachments, with nothing between them, and takes over one reference to each.</summary>
    /// <param name="packet">Names as many attachments as there are.</param>
    /// <param name="attachments">The attachments in their order.</param>
    void Send(MessageBuffer packet, IReadOnlyList<MessageBuffer> attachments);

    /// <summary>Ends the socket after what is queued; the client does not come back by itself. Events that it has on their way end the session.</summary>
    /// <param name="closeSession">Whether the session below ends too, and with it the client's other sockets.</param>
    void Disconnect(bool closeSession = false);
}
