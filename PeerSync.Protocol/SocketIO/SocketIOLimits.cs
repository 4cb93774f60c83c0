namespace PeerSync.Protocol.SocketIO;

/// <summary>What a client's Socket.IO packet may be at most. The size of the packet itself is the transport's to bound.</summary>
public sealed record SocketIOLimits
{
    /// <summary>The limits that hold where nothing else is configured.</summary>
    public static SocketIOLimits Default { get; } = new();

    /// <summary>How deep its JSON may nest, 1 to 64: as deep as the reader can go without allocating.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>How many binary attachments may follow it.</summary>
    public int MaxAttachments { get; init; } = 32;

    /// <summary>The length of the longest namespace with its query, in bytes.</summary>
    public int MaxNamespaceLength { get; init; } = 512;
}
