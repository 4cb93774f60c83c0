using System.Buffers.Binary;
using System.Text.Unicode;

namespace PeerSync.Protocol.WebSockets;

/// <summary>Writes the frames of a server: never masked, never fragmented (RFC 6455, section 5.2).</summary>
public static class WebSocketFrameWriter
{
    /// <summary>The length of the longest header that <see cref="WriteHeader"/> writes, in bytes.</summary>
    public const int MaxHeaderLength = 10;

    /// <summary>The length of the longest frame that <see cref="WriteClose"/> writes, in bytes.</summary>
    public const int MaxCloseFrameLength = 127;

    private const byte FinBit = 0x80;
    private const int MaxShortLength = 125;
    private const int MaxControlPayload = 125;
    private const int CodeLength = 2;

    /// <summary>Writes the header of a whole message or control frame.</summary>
    /// <param name="destination">At least <see cref="MaxHeaderLength"/> bytes, or as many as the header needs (2, 4 or 10).</param>
    /// <param name="opcode">The kind of the frame.</param>
    /// <param name="payloadLength">The number of payload bytes that the caller sends behind the header.</param>
    /// <returns>The length of the header.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative, or more than 125 for a control frame.</exception>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public static int WriteHeader(Span<byte> destination, WebSocketOpcode opcode, int payloadLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(payloadLength);
        if (opcode >= WebSocketOpcode.Close)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(payloadLength, MaxControlPayload);
        }

        var headerLength = payloadLength switch
        {
            <= MaxShortLength => 2,
            <= ushort.MaxValue => 4,
            _ => 10,
        };
        if (destination.Length < headerLength)
        {
            ThrowTooShort();
        }

        destination[0] = (byte)(FinBit | (byte)opcode);
        switch (headerLength)
        {
            case 2:
                destination[1] = (byte)payloadLength;
                break;
            case 4:
                destination[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)payloadLength);
                break;
            default:
                destination[1] = 127;
                BinaryPrimitives.WriteInt64BigEndian(destination[2..], payloadLength);
                break;
        }

        return headerLength;
    }

    /// <summary>Writes a whole close frame.</summary>
    /// <param name="destination">At least <see cref="MaxCloseFrameLength"/> bytes.</param>
    /// <param name="code">
    /// A code that may stand on the wire, or <see cref="WebSocketCloseCode.NoStatusReceived"/> for a frame with neither code nor reason,
    /// which answers a close frame that had none.
    /// </param>
    /// <param name="reason">For logs; cut at a character boundary so that it takes at most 123 bytes of UTF-8. Lone surrogates become U+FFFD.</param>
    /// <returns>The length of the frame.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The code must not stand on the wire.</exception>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public static int WriteClose(Span<byte> destination, int code, string reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        if (destination.Length < MaxCloseFrameLength)
        {
            ThrowTooShort();
        }

        if (code == WebSocketCloseCode.NoStatusReceived)
        {
            return WriteHeader(destination, WebSocketOpcode.Close, 0);
        }

        if (!WebSocketCloseCode.IsValidOnWire(code))
        {
            throw new ArgumentOutOfRangeException(nameof(code), code, "A close frame must not carry this code.");
        }

        var text = destination.Slice(2 + CodeLength, MaxControlPayload - CodeLength);
        _ = Utf8.FromUtf16(reason, text, out _, out var reasonLength);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)code);
        return WriteHeader(destination, WebSocketOpcode.Close, CodeLength + reasonLength) + CodeLength + reasonLength;
    }

    private static void ThrowTooShort() => throw new ArgumentException("The destination is too short for the frame.", "destination");
}
