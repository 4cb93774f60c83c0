namespace PeerSync.Protocol.SocketIO;

/// <summary>What is wrong with a Socket.IO packet. Everything but <see cref="Ok"/> ends the connection.</summary>
public enum SocketIOReadStatus
{
    /// <summary>Nothing.</summary>
    Ok,

    /// <summary>It begins with no known type.</summary>
    UnknownType,

    /// <summary>The number of attachments is missing or no number.</summary>
    InvalidAttachmentCount,

    /// <summary>More attachments than allowed.</summary>
    TooManyAttachments,

    /// <summary>The namespace is too long.</summary>
    InvalidNamespace,

    /// <summary>An answer has no id, or an id is no number that JavaScript can hold.</summary>
    InvalidAckId,

    /// <summary>The payload is no JSON, nests too deeply, or is not what the packet's type asks for.</summary>
    InvalidPayload,

    /// <summary>A placeholder names an attachment that the packet does not have.</summary>
    InvalidPlaceholder,
}
