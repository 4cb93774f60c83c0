using System.Buffers;
using System.Buffers.Text;

namespace PeerSync.Protocol.SocketIO;

/// <summary>The body of a polling request or answer: packets with a record separator between them, binary ones in base64 behind a <c>b</c>.</summary>
/// <remarks>Pure functions, safe on any thread. Nothing that a client sends makes them throw.</remarks>
public static class EnginePayload
{
    /// <summary>What stands between two packets.</summary>
    public const byte Separator = 0x1E;

    private const byte BinaryPrefix = (byte)'b';

    private static readonly SearchValues<byte> Base64Bytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="u8);

    /// <summary>Reads the packet that comes next.</summary>
    /// <param name="payload">The whole body, valid UTF-8.</param>
    /// <param name="position">Where to read: 0 at first, afterwards as the call before left it.</param>
    /// <param name="packet">The packet, when there is one.</param>
    /// <returns>Whether there is one, whether the payload is over, or whether it is no payload. An empty one is none: it has one empty packet.</returns>
    public static EngineReadStatus ReadNext(ReadOnlySpan<byte> payload, ref int position, out EnginePacket packet)
    {
        packet = default;
        if (position > payload.Length)
        {
            return EngineReadStatus.End;
        }

        var rest = payload[position..];
        var end = rest.IndexOf(Separator);
        var part = end < 0 ? rest : rest[..end];
        var start = position;
        position += part.Length + 1;
        if (part is [BinaryPrefix, .. var text])
        {
            packet = new EnginePacket(EnginePacketType.Message, start + 1, text.Length, IsBinary: true);
            return IsBase64(text) ? EngineReadStatus.Packet : EngineReadStatus.Invalid;
        }

        if (!TryReadType(part, out var type))
        {
            return EngineReadStatus.Invalid;
        }

        packet = new EnginePacket(type, start, part.Length, IsBinary: false);
        return EngineReadStatus.Packet;
    }

    /// <summary>Reads the type of a text packet, which is its first byte.</summary>
    public static bool TryReadType(ReadOnlySpan<byte> packet, out EnginePacketType type)
    {
        type = packet.IsEmpty ? default : (EnginePacketType)(packet[0] - '0');
        return packet is [>= (byte)'0' and <= (byte)'6', ..];
    }

    /// <summary>Writes the bytes that a binary packet stands for.</summary>
    /// <param name="output">Takes the bytes.</param>
    /// <param name="base64">The text of a binary packet that <see cref="ReadNext"/> has returned.</param>
    /// <exception cref="FormatException">The text is no base64.</exception>
    public static void DecodeBinary(IBufferWriter<byte> output, ReadOnlySpan<byte> base64)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (base64.IsEmpty)
        {
            return;
        }

        var span = output.GetSpan(Base64.GetMaxDecodedFromUtf8Length(base64.Length));
        if (Base64.DecodeFromUtf8(base64, span, out _, out var written) != OperationStatus.Done)
        {
            throw new FormatException("The packet is no base64.");
        }

        output.Advance(written);
    }

    /// <summary>Adds a packet to a payload.</summary>
    /// <param name="output">The payload so far.</param>
    /// <param name="packet">A text packet with its type, or the bytes of a binary message.</param>
    /// <param name="isBinary">Which of the two.</param>
    /// <param name="isFirst">Whether the payload is empty.</param>
    public static void Append(IBufferWriter<byte> output, ReadOnlySpan<byte> packet, bool isBinary, bool isFirst)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (!isFirst)
        {
            output.Write([Separator]);
        }

        if (!isBinary)
        {
            output.Write(packet);
            return;
        }

        output.Write([BinaryPrefix]);
        var span = output.GetSpan(Base64.GetMaxEncodedToUtf8Length(packet.Length));
        _ = Base64.EncodeToUtf8(packet, span, out _, out var written);
        output.Advance(written);
    }

    // The framework's check alone would let white space pass.
    private static bool IsBase64(ReadOnlySpan<byte> text) => text.Length % 4 == 0 && !text.ContainsAnyExcept(Base64Bytes) && Base64.IsValid(text);
}
