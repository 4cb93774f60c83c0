namespace PeerSync.Protocol.Sync;

/// <summary>An event as a device sent it. Which members are set depends on the status that came with it.</summary>
public readonly ref struct SyncEventView
{
    /// <summary>Why to close the socket, for <see cref="SyncEventStatus.Invalid"/>, <see cref="SyncEventStatus.Expired"/> and
    /// <see cref="SyncEventStatus.ForeignUser"/>; else the default value.</summary>
    public SyncClose Refusal { get; init; }

    /// <summary>The event's own UUID, of version 7. Set for Ok and Expired.</summary>
    public Guid EventId { get; init; }

    /// <summary>The device, which is the session's. Set for Ok, Expired and Malformed.</summary>
    public DeviceId DeviceId { get; init; }

    /// <summary>The device's number for it, 1 to 2^53 - 1. Set for Ok, Expired and Malformed.</summary>
    public long DeviceSeq { get; init; }

    /// <summary>The stream, 1 to 256 of <c>[a-zA-Z0-9:_-]</c>; the same string object for the usual ones. Set for Ok and Expired.</summary>
    public string StreamId { get; init; }

    /// <summary>The event's type, 1 to 64 of <c>[a-zA-Z0-9:_-]</c>; the same string object for the usual ones. Set for Ok and Expired.</summary>
    public string EventType { get; init; }

    /// <summary>When it expires, in milliseconds since 1970; null when it does not. Set for Ok and Expired.</summary>
    public long? Ttl { get; init; }

    /// <summary>The number of bytes that <c>encrypted_payload</c> stands for. Set for Ok and Expired.</summary>
    public int PayloadSize { get; init; }

    /// <summary>The sender's object as sent, which <see cref="Splice"/> counts in. Set for Ok and Expired.</summary>
    public ReadOnlySpan<byte> RawObject { get; init; }

    /// <summary>Where <see cref="RawObject"/> begins in the message. Set for Ok and Expired.</summary>
    public int RawOffset { get; init; }

    /// <summary>Where the server's values go. Set for Ok and Expired.</summary>
    public SyncEventSplice Splice { get; init; }
}
