namespace PeerSync.Protocol.SocketIO;

/// <summary>A client's Socket.IO packet, as slices of its text. Nothing is decoded: what is relayed goes on as it came.</summary>
public readonly record struct SocketIOPacket
{
    /// <summary>The kind.</summary>
    public required SocketIOPacketType Type { get; init; }

    /// <summary>How many binary attachments follow.</summary>
    public int Attachments { get; init; }

    /// <summary>The namespace as sent, without the query of a <see cref="SocketIOPacketType.Connect"/>; empty for the main one.</summary>
    public TextSlice Namespace { get; init; }

    /// <summary>The query behind the namespace of a <see cref="SocketIOPacketType.Connect"/>, without its question mark.</summary>
    public TextSlice Query { get; init; }

    /// <summary>The id of an event that asks for an answer, or of an answer; null for none. At most 2^53 - 1.</summary>
    public long? AckId { get; init; }

    /// <summary>The whole JSON payload; empty where there is none.</summary>
    public TextSlice Payload { get; init; }

    /// <summary>An event's name as it stands in the JSON: a string in its quotes, escapes and all, or a number.</summary>
    public TextSlice Name { get; init; }

    /// <summary>The arguments of an event or an answer as they stand in the JSON, with the commas between them and without the brackets around them.</summary>
    public TextSlice Arguments { get; init; }

    /// <summary>The first argument; empty where there is none.</summary>
    public TextSlice FirstArgument { get; init; }

    /// <summary>How many arguments there are.</summary>
    public int ArgumentCount { get; init; }
}
