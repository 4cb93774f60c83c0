using PeerSync.Actors.Connections;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Connections;
using PeerSync.Protocol.Rooms;

namespace PeerSync.Actors.Rooms;

/// <summary>A member's frame on its way to the other members, encoded as receivers of the sender's own form see it.</summary>
/// <remarks>
/// Pooled, because every signal is one. It has one owner at a time, the actor that received it last, who calls <see cref="Complete"/> when it has
/// dealt with it and touches it no more; then the sender's credit returns.
/// </remarks>
public sealed class MemberFrame : IRoomMessage
{
    private MessageBuffer? _body;
    private IConnection? _source;

    private MemberFrame()
    {
    }

    /// <inheritdoc />
    public string RoomId { get; private set; } = string.Empty;

    /// <summary>The sender, as its socket vouches.</summary>
    public string UserId { get; private set; } = string.Empty;

    /// <summary>The sender's socket.</summary>
    public ConnectionId ConnectionId { get; private set; }

    /// <summary>The sender's form.</summary>
    public RoomsForm Form { get; private set; }

    /// <summary>What the frame is.</summary>
    public RoomsFrameType Type { get; private set; }

    /// <summary>Whom it is for; null for everybody.</summary>
    public string? To { get; private set; }

    /// <summary>The encoded frame; for operations the frame as sent.</summary>
    public MessageBuffer Body => _body ?? throw new InvalidOperationException("The frame was completed already.");

    /// <summary>Wraps a frame.</summary>
    /// <param name="roomId">The sender's room.</param>
    /// <param name="userId">The sender.</param>
    /// <param name="connectionId">The sender's socket.</param>
    /// <param name="form">The sender's form.</param>
    /// <param name="type">What it is.</param>
    /// <param name="to">Whom it is for.</param>
    /// <param name="body">The frame; its reference is taken over.</param>
    /// <param name="source">The socket whose credit is returned on completion, or null.</param>
    public static MemberFrame Rent(
        string roomId, string userId, ConnectionId connectionId, RoomsForm form, RoomsFrameType type, string? to, MessageBuffer body, IConnection? source)
    {
        if (!ReusePool<MemberFrame>.TryTake(out var frame))
        {
            frame = new MemberFrame();
        }

        frame.RoomId = roomId;
        frame.UserId = userId;
        frame.ConnectionId = connectionId;
        frame.Form = form;
        frame.Type = type;
        frame.To = to;
        frame._body = body;
        frame._source = source;
        return frame;
    }

    /// <summary>Gives the frame back. A second call does nothing.</summary>
    public void Complete()
    {
        if (Interlocked.Exchange(ref _body, null) is not { } body)
        {
            return;
        }

        body.Release();
        var source = _source;
        _source = null;
        ReusePool<MemberFrame>.Give(this);
        source?.ReturnCredit();
    }
}
