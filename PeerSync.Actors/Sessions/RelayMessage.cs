using PeerSync.Actors.Connections;
using PeerSync.Actors.Peers;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Sessions;

namespace PeerSync.Actors.Sessions;

/// <summary>A message of one session's member on its way to the other one, encoded as the receiver will see it.</summary>
/// <remarks>
/// The one message that is not a record: it is pooled, because every relayed message is one. It has one owner at a time, the actor that
/// received it last, who either tells it on or calls <see cref="Complete"/>; nobody touches it afterwards.
/// </remarks>
public sealed class RelayMessage : IEntityMessage, ISessionMessage, IPeerMessage
{
    private MessageBuffer? _body;
    private IConnection? _source;

    private RelayMessage()
    {
    }

    /// <inheritdoc />
    public SessionId SessionId { get; private set; }

    /// <summary>Who sent it, as the sender's connection vouches.</summary>
    public UserId From { get; private set; }

    /// <summary>Who shall get it. Set by the session, which alone knows.</summary>
    public UserId UserId { get; private set; }

    /// <summary>The encoded message.</summary>
    public MessageBuffer Body => _body ?? throw new InvalidOperationException("The message was completed already.");

    /// <summary>Wraps an encoded message.</summary>
    /// <param name="sessionId">The session named by the sender.</param>
    /// <param name="from">The sender.</param>
    /// <param name="body">The encoded message; its reference is taken over.</param>
    /// <param name="source">The socket whose credit is returned on completion, or null.</param>
    public static RelayMessage Rent(SessionId sessionId, UserId from, MessageBuffer body, IConnection? source)
    {
        if (!ReusePool<RelayMessage>.TryTake(out var message))
        {
            message = new RelayMessage();
        }

        message.SessionId = sessionId;
        message.From = from;
        message.UserId = default;
        message._body = body;
        message._source = source;
        return message;
    }

    /// <summary>Addresses the message. Called by the session.</summary>
    public RelayMessage To(UserId recipient)
    {
        UserId = recipient;
        return this;
    }

    /// <summary>Hands the encoded message to a socket and completes.</summary>
    public void SendTo(IConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (Interlocked.Exchange(ref _body, null) is not { } body)
        {
            return;
        }

        connection.Send(body);
        Finish();
    }

    /// <summary>Drops the message where it is. A second call does nothing.</summary>
    public void Complete()
    {
        if (Interlocked.Exchange(ref _body, null) is not { } body)
        {
            return;
        }

        body.Release();
        Finish();
    }

    private void Finish()
    {
        _source?.ReturnCredit();
        _source = null;
        ReusePool<RelayMessage>.Give(this);
    }
}
