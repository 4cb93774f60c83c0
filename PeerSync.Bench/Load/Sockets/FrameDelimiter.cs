using System.Buffers.Binary;

namespace PeerSync.Bench.Load.Sockets;

/// <summary>
/// Finds the borders of the frames in what a server sends, in pieces of any size. It reads headers and leaves payloads alone: the
/// caller takes <see cref="FrameHeader.Length"/> bytes before it asks for the next header.
/// </summary>
internal struct FrameDelimiter
{
    private const int LongestHeader = 10;

    // The bytes of a header that has not arrived wholly: at most nine, so the first eight and the ninth.
    private ulong _head;
    private byte _ninth;
    private int _count;

    /// <summary>Takes one header off the front of <paramref name="data"/>; false (and all data taken) when more bytes are needed.</summary>
    /// <exception cref="InvalidDataException">The frame is masked, uses reserved bits, or is longer than a message may be.</exception>
    public bool TryReadHeader(ref ReadOnlySpan<byte> data, out FrameHeader header)
    {
        if (_count == 0)
        {
            var size = SizeOf(data);
            if (size <= data.Length)
            {
                header = Parse(data);
                data = data[size..];
                return true;
            }
        }

        Span<byte> bytes = stackalloc byte[LongestHeader];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, _head);
        bytes[8] = _ninth;
        while (!data.IsEmpty)
        {
            bytes[_count++] = data[0];
            data = data[1..];
            if (SizeOf(bytes[.._count]) == _count)
            {
                header = Parse(bytes);
                _count = 0;
                return true;
            }
        }

        _head = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        _ninth = bytes[8];
        header = default;
        return false;
    }

    /// <summary>Bytes of the header at the front, or more than there are when it is not known yet.</summary>
    private static int SizeOf(ReadOnlySpan<byte> data)
    {
        return data.Length < 2 ? 2 : (data[1] & 0x7F) switch { 127 => 10, 126 => 4, _ => 2 };
    }

    private static FrameHeader Parse(ReadOnlySpan<byte> data)
    {
        if ((data[0] & 0x70) != 0 || (data[1] & 0x80) != 0)
        {
            throw new InvalidDataException($"The server sent a frame that is masked or uses reserved bits ({data[0]:x2} {data[1]:x2}).");
        }

        var length = (data[1] & 0x7F) switch
        {
            127 => BinaryPrimitives.ReadInt64BigEndian(data[2..]),
            126 => BinaryPrimitives.ReadUInt16BigEndian(data[2..]),
            var small => small,
        };
        return length is >= 0 and <= int.MaxValue
            ? new FrameHeader((data[0] & 0x80) != 0, (byte)(data[0] & 0x0F), length)
            : throw new InvalidDataException($"The server sent a frame of {length} bytes.");
    }
}
