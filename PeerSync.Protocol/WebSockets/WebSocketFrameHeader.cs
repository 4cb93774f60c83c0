using System.Buffers.Binary;

namespace PeerSync.Protocol.WebSockets;

/// <summary>The header of a frame that a client sent (RFC 6455, section 5.2).</summary>
/// <param name="Fin">Whether this is the last fragment of its message.</param>
/// <param name="Opcode">The kind of the frame.</param>
/// <param name="MaskKey">
/// The masking key with its first byte on the wire as the least significant byte, whatever the machine's byte order:
/// payload byte <c>i</c> is masked with <c>(byte)(MaskKey >> (8 * (i % 4)))</c>. <see cref="WebSocketMask.Apply"/> takes it as it is.
/// </param>
/// <param name="PayloadLength">The number of payload bytes that follow, 0 to 2^63 - 1. The caller compares it with its own limit.</param>
/// <param name="HeaderLength">The number of bytes of the header itself, 6 to <see cref="MaxLength"/>.</param>
/// <remarks>
/// <code>
///  byte 0             byte 1              0, 2 or 8 bytes          4 bytes
/// +-+-+-+-+-------+  +-+-------------+  +--------------------+  +-------------+
/// |F|R|R|R|opcode |  |M| length (7)  |  | length (16 or 64), |  | masking key |
/// |I|S|S|S|  (4)  |  |A| 126: 16 bit |  | big endian         |  |             |
/// |N|V|V|V|       |  |S| 127: 64 bit |  |                    |  |             |
/// +-+-+-+-+-------+  +-+-------------+  +--------------------+  +-------------+
/// </code>
/// </remarks>
public readonly record struct WebSocketFrameHeader(bool Fin, WebSocketOpcode Opcode, uint MaskKey, long PayloadLength, int HeaderLength)
{
    /// <summary>The length of the longest client frame header in bytes.</summary>
    public const int MaxLength = 14;

    private const int MaskLength = 4;
    private const int MaxControlPayload = 125;
    private const int Length16 = 126;
    private const int Length64 = 127;

    /// <summary>Reads the header at the start of some bytes.</summary>
    /// <param name="bytes">What has been received; bytes behind the header are not looked at.</param>
    /// <param name="header">The header when the result is <see cref="FrameReadStatus.Ok"/>, else the default value.</param>
    /// <remarks>
    /// Refused: reserved bits, unknown opcodes, control frames that are fragmented or longer than 125 bytes, frames that are not masked, lengths
    /// that are not in their shortest form or do not fit in 63 bits. A fault is reported as soon as the bytes show it. Whether a continuation fits
    /// the message in progress is the caller's to know.
    /// </remarks>
    public static FrameReadStatus TryReadClient(ReadOnlySpan<byte> bytes, out WebSocketFrameHeader header)
    {
        header = default;
        if (bytes.IsEmpty)
        {
            return FrameReadStatus.NeedMoreData;
        }

        var first = bytes[0];
        var fin = (first & 0x80) != 0;
        var opcode = (WebSocketOpcode)(first & 0x0F);
        var isControl = opcode >= WebSocketOpcode.Close;
        if ((first & 0x70) != 0 || opcode is > WebSocketOpcode.Binary and < WebSocketOpcode.Close or > WebSocketOpcode.Pong || (isControl && !fin))
        {
            return FrameReadStatus.ProtocolError;
        }

        if (bytes.Length < 2)
        {
            return FrameReadStatus.NeedMoreData;
        }

        var second = bytes[1];
        long length = second & 0x7F;
        if ((second & 0x80) == 0 || (isControl && length > MaxControlPayload))
        {
            return FrameReadStatus.ProtocolError;
        }

        var maskOffset = 2;
        if (length == Length16)
        {
            if (bytes.Length < 4)
            {
                return FrameReadStatus.NeedMoreData;
            }

            length = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
            if (length < Length16)
            {
                return FrameReadStatus.ProtocolError;
            }

            maskOffset = 4;
        }
        else if (length == Length64)
        {
            // The top bit must be zero, which the first length byte shows before the others are there.
            if (bytes.Length > 2 && (bytes[2] & 0x80) != 0)
            {
                return FrameReadStatus.ProtocolError;
            }

            if (bytes.Length < 10)
            {
                return FrameReadStatus.NeedMoreData;
            }

            length = BinaryPrimitives.ReadInt64BigEndian(bytes[2..]);
            if (length <= ushort.MaxValue)
            {
                return FrameReadStatus.ProtocolError;
            }

            maskOffset = 10;
        }

        if (bytes.Length < maskOffset + MaskLength)
        {
            return FrameReadStatus.NeedMoreData;
        }

        var maskKey = BinaryPrimitives.ReadUInt32LittleEndian(bytes[maskOffset..]);
        header = new WebSocketFrameHeader(fin, opcode, maskKey, length, maskOffset + MaskLength);
        return FrameReadStatus.Ok;
    }
}
