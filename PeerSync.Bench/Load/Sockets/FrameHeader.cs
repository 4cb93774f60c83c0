namespace PeerSync.Bench.Load.Sockets;

/// <summary>The header of one WebSocket frame as a server sends it (RFC 6455 section 5.2, without a mask).</summary>
internal readonly record struct FrameHeader(bool IsFinal, byte Opcode, long Length)
{
    public const byte Continuation = 0x0;
    public const byte Text = 0x1;
    public const byte Binary = 0x2;
    public const byte Close = 0x8;
    public const byte Ping = 0x9;
    public const byte Pong = 0xA;

    public bool IsControl => (Opcode & 0x8) != 0;
}
