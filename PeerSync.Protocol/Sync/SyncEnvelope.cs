namespace PeerSync.Protocol.Sync;

/// <summary>A client's message: its type and its content, as slices of the message itself.</summary>
/// <remarks>Made by <see cref="SyncReader.Read"/> only, so that its content has passed the syntax check that every other reader relies on.</remarks>
public readonly ref struct SyncEnvelope
{
    internal SyncEnvelope(SyncMessageType type, ReadOnlySpan<byte> typeText, ReadOnlySpan<byte> message, int bodyOffset, int bodyLength)
    {
        Type = type;
        TypeText = typeText;
        Message = message;
        BodyOffset = bodyOffset;
        Body = message.Slice(bodyOffset, bodyLength);
    }

    /// <summary>What the client asks for.</summary>
    public SyncMessageType Type { get; }

    /// <summary>The type as sent, between its quotes, with its escapes; empty when there is none or when it is no string. Of any length.</summary>
    public ReadOnlySpan<byte> TypeText { get; }

    /// <summary>
    /// The content. For <see cref="SyncMessageType.ClientHello"/> and <see cref="SyncMessageType.ClientAuth"/> the object with the fields: <c>payload</c> when
    /// that repeats the type, else the whole message. For every other type the value of <c>payload</c>, whatever it is; empty when there is none.
    /// </summary>
    public ReadOnlySpan<byte> Body { get; }

    /// <summary>Where <see cref="Body"/> begins in <see cref="Message"/>, in bytes.</summary>
    public int BodyOffset { get; }

    /// <summary>The whole message as given to <see cref="SyncReader.Read"/>.</summary>
    public ReadOnlySpan<byte> Message { get; }
}
