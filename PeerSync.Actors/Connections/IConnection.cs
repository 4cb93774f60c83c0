using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Connections;
using PeerSync.Protocol.Identity;

namespace PeerSync.Actors.Connections;

/// <summary>The socket that a connection actor speaks through.</summary>
/// <remarks>
/// Thread-safe. No member blocks, waits for the network or throws because the other side is gone: a message for a closed socket is
/// released and forgotten, so that callers can fan out without a try per receiver.
/// </remarks>
public interface IConnection : ICreditSource
{
    /// <summary>This connection's name in the process.</summary>
    ConnectionId Id { get; }

    /// <summary>The client's address as a keyed hash: equal for equal addresses within one run of the server, and of no use outside it.</summary>
    string AddressTag { get; }

    /// <summary>
    /// Queues one message, text unless it says that it is binary, and takes over one reference to it. A queue that is full disconnects the slow consumer.
    /// </summary>
    void Send(MessageBuffer message);

    /// <summary>How much is queued and not written yet, in bytes; for senders that have another way than the queue when the client is slow.</summary>
    long QueuedBytes { get; }

    /// <summary>Tells the actor <paramref name="message"/> once everything queued has been handed to the network; replaces an earlier wish.</summary>
    void TellWhenDrained(object message);

    /// <summary>Closes after what is queued has been written. Later messages and a second close are ignored.</summary>
    /// <param name="code">The close code (RFC 6455, section 7.4).</param>
    /// <param name="reason">The reason text; at most 123 bytes of UTF-8 are sent.</param>
    void Close(int code, string reason);

    /// <summary>Lifts the limits of a stranger (small messages, the authentication deadline) and names the user in the operator's list.</summary>
    void Authenticated(UserId userId);

    /// <summary>Tells the actor <paramref name="message"/> once <paramref name="delay"/> has passed, to the second; replaces the earlier deadline.</summary>
    /// <param name="delay">From now; null lifts the deadline.</param>
    /// <param name="message">What the actor is told; null together with <paramref name="delay"/>.</param>
    void SetDeadline(TimeSpan? delay, object? message);
}
