namespace PeerSync.Protocol.Peers;

/// <summary>A client's message: an event and its data, as slices of the message itself.</summary>
/// <remarks>Made by <see cref="PeersReader.Read"/> only, so that its data has passed the syntax check that every reader of data relies on.</remarks>
public readonly ref struct PeersEnvelope
{
    /// <summary>What <see cref="UnknownName"/> says of a message without an event.</summary>
    public const string NoName = "undefined";

    internal PeersEnvelope(PeersEvent @event, string? unknownName, ReadOnlySpan<byte> data, PeersDataOutline outline)
    {
        Event = @event;
        UnknownName = unknownName ?? string.Empty;
        Data = data;
        Outline = outline;
    }

    /// <summary>What the client asks for.</summary>
    public PeersEvent Event { get; }

    /// <summary>
    /// For an unknown event, what the client called it, printable and of at most <see cref="PeersReader.MaxUnknownNameLength"/> UTF-16 code units;
    /// <c>undefined</c> when it gave no name. Empty for a known event.
    /// </summary>
    public string UnknownName { get; }

    /// <summary>The data as sent, any JSON value; empty when there is none.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>Where the members that the server interprets stand in the data of a message.</summary>
    internal PeersDataOutline Outline { get; }
}
