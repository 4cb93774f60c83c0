using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Sharing;
using PeerSync.Protocol.Sharing.Resp;
using PeerSync.Storage.Sharing;

namespace PeerSync.Actors.Sharing;

/// <summary>Writes one event at most once for each form, however many listeners it goes to. Used by one actor for one event after the other.</summary>
/// <param name="sharedPayloadsAreFull">Whether the shared credential is told the whole payload.</param>
internal sealed class FeedFrames(bool sharedPayloadsAreFull)
{
    private readonly FeedFrame?[] _frames = new FeedFrame?[Enum.GetValues<FeedKind>().Length];
    private SharingEventText? _text;
    private long _id;

    /// <summary>Begins an event.</summary>
    /// <param name="id">Its number; 0 for what is not kept.</param>
    /// <param name="text">What happened.</param>
    public void Begin(long id, SharingEventText text)
    {
        _id = id;
        _text = text;
    }

    /// <summary>The event for listeners of a kind, with a reference for one of them.</summary>
    public FeedFrame For(FeedKind kind)
    {
        var frame = _frames[(int)kind] ??= Write(kind);
        frame.Buffer.Retain();
        return frame;
    }

    /// <summary>Ends the event; what was handed out stays.</summary>
    public void End()
    {
        foreach (ref var frame in _frames.AsSpan())
        {
            frame?.Buffer.Release();
            frame = null;
        }

        _text = null;
    }

    /// <summary>Writes a message that one listener alone is told, in its form.</summary>
    /// <param name="kind">How the listener listens.</param>
    /// <param name="id">What a client of server-sent events names when it comes back; null where that does not change.</param>
    /// <param name="write">Writes the message.</param>
    public static MessageBuffer Wrap(FeedKind kind, long? id, Action<MessageBuffer> write)
    {
        var message = MessageBuffer.Rent();
        write(message);
        if (kind == FeedKind.WebSocket)
        {
            return message;
        }

        var wrapped = MessageBuffer.Rent(message.Length + 64);
        if (kind == FeedKind.ServerSentEvents)
        {
            SharingFeedWriter.ServerSentEvent(wrapped, message.Span, id);
        }
        else
        {
            RespWriter.Message(wrapped, SharingFeedWriter.Channel, message.Span);
        }

        message.Release();
        return wrapped;
    }

    /// <summary>Writes an event for a listener of some kind.</summary>
    public static MessageBuffer Write(FeedKind kind, long id, SharingEventText text, string payload)
    {
        // Redis's clients cannot resume, so the number would tell them nothing.
        long? number = id == 0 ? null : id;
        var shown = kind is FeedKind.WebSocket or FeedKind.ServerSentEvents ? number : null;
        return Wrap(kind, number, message => SharingFeedWriter.Event(message, text.Name, payload, shown));
    }

    private FeedFrame Write(FeedKind kind)
    {
        var text = _text!;
        var payload = kind == FeedKind.SharedResp && !sharedPayloadsAreFull ? text.Brief ?? text.Payload : text.Payload;
        return new FeedFrame(_id, Write(kind, _id, text, payload));
    }
}
