using System.Buffers.Binary;
using PeerSync.Bench.Load.Sockets;

namespace PeerSync.Tests.Bench;

public sealed class FrameDelimiterTests
{
    /// <summary>Lengths on both sides of each border between the three forms of the header.</summary>
    public static TheoryData<long> Lengths => [0, 1, 125, 126, 127, 65535, 65536, int.MaxValue];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void A_header_is_read_wherever_it_is_split(long length)
    {
        var header = Header(0x81, length);
        for (var split = 0; split <= header.Length; split++)
        {
            var delimiter = new FrameDelimiter();
            ReadOnlySpan<byte> first = header.AsSpan(0, split);
            var isRead = delimiter.TryReadHeader(ref first, out var read);
            Assert.Equal(split == header.Length, isRead);
            Assert.True(first.IsEmpty);
            if (!isRead)
            {
                byte[] rest = [.. header[split..], 0xFF];
                ReadOnlySpan<byte> second = rest;
                Assert.True(delimiter.TryReadHeader(ref second, out read));
                Assert.Equal(1, second.Length);
            }

            Assert.Equal(new FrameHeader(IsFinal: true, FrameHeader.Text, length), read);
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void A_header_is_read_byte_by_byte_and_not_before_its_last(long length)
    {
        var header = Header(0x02, length);
        var delimiter = new FrameDelimiter();
        for (var i = 0; i < header.Length; i++)
        {
            ReadOnlySpan<byte> one = header.AsSpan(i, 1);
            var isRead = delimiter.TryReadHeader(ref one, out var read);
            Assert.Equal(i == header.Length - 1, isRead);
            if (isRead)
            {
                Assert.Equal(new FrameHeader(IsFinal: false, FrameHeader.Binary, length), read);
            }
        }
    }

    [Fact]
    public void Frames_in_pieces_of_random_sizes_are_delimited_as_they_were_built()
    {
        var random = new Random(7);
        var lengths = Enumerable.Range(0, 500).Select(_ => random.Next(3) == 0 ? random.Next(70_000) : random.Next(300)).ToArray();
        var stream = lengths.SelectMany(length => Header(0x81, length).Concat(new byte[length])).ToArray();

        var delimiter = new FrameDelimiter();
        var found = new List<long>();
        var payloadLeft = 0L;
        for (var position = 0; position < stream.Length;)
        {
            var size = Math.Min(random.Next(1, 2000), stream.Length - position);
            ReadOnlySpan<byte> piece = stream.AsSpan(position, size);
            position += size;
            while (!piece.IsEmpty)
            {
                var take = (int)Math.Min(payloadLeft, piece.Length);
                piece = piece[take..];
                payloadLeft -= take;
                if (payloadLeft == 0 && delimiter.TryReadHeader(ref piece, out var header))
                {
                    found.Add(header.Length);
                    payloadLeft = header.Length;
                }
            }
        }

        Assert.Equal(lengths.Select(length => (long)length), found);
    }

    [Theory]
    [InlineData(0xC1, 0x00)]
    [InlineData(0x91, 0x00)]
    [InlineData(0x81, 0x80)]
    public void A_reserved_bit_or_a_mask_is_refused(byte first, byte second)
    {
        var error = Assert.Throws<InvalidDataException>(() => ReadHeader([first, second]));
        Assert.Contains("masked or uses reserved bits", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(int.MaxValue + 1L)]
    [InlineData(long.MaxValue)]
    [InlineData(-1L)]
    public void A_frame_that_no_message_can_have_is_refused(long length)
    {
        var header = new byte[10];
        header[0] = 0x81;
        header[1] = 127;
        BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(2), length);
        _ = Assert.Throws<InvalidDataException>(() => ReadHeader(header));
    }

    [Fact]
    public void Random_bytes_are_read_or_refused_and_always_consumed()
    {
        var random = new Random(11);
        var bytes = new byte[64];
        for (var i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes);
            var delimiter = new FrameDelimiter();
            ReadOnlySpan<byte> data = bytes;
            try
            {
                while (!data.IsEmpty)
                {
                    var before = data.Length;
                    _ = delimiter.TryReadHeader(ref data, out var header);
                    Assert.True(data.Length < before);
                    Assert.InRange(header.Length, 0, int.MaxValue);
                }
            }
            catch (InvalidDataException)
            {
                // What a server must not send.
            }
        }
    }

    private static void ReadHeader(byte[] bytes)
    {
        ReadOnlySpan<byte> data = bytes;
        var delimiter = new FrameDelimiter();
        _ = delimiter.TryReadHeader(ref data, out _);
    }

    private static byte[] Header(byte first, long length)
    {
        switch (length)
        {
            case < 126:
                return [first, (byte)length];
            case <= ushort.MaxValue:
                return [first, 126, (byte)(length >> 8), (byte)length];
            default:
                var header = new byte[10];
                header[0] = first;
                header[1] = 127;
                BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(2), length);
                return header;
        }
    }
}
