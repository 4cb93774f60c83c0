using PeerSync.Protocol.SocketIO;

namespace PeerSync.Host.SocketIO;

/// <summary>The parameters of a Socket.IO server.</summary>
internal sealed record SocketIOOptions
{
    /// <summary>How long after its opening a session may have joined no namespace.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>How many events and answers are kept for a socket until it is started.</summary>
    public int MaxHeldMessages { get; init; } = 32;

    /// <summary>How many bytes of them.</summary>
    public long MaxHeldBytes { get; init; } = 256 * 1024;

    /// <summary>The most bytes that the attachments of one packet may have together.</summary>
    public long MaxAttachmentBytes { get; init; } = 4_000_000;

    /// <summary>What a packet may be at most.</summary>
    public SocketIOLimits Packets { get; init; } = SocketIOLimits.Default;
}
