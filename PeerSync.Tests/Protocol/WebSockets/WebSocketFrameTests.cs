using System.Buffers.Binary;
using System.Text;
using PeerSync.Protocol.WebSockets;

namespace PeerSync.Tests.Protocol.WebSockets;

public sealed class WebSocketFrameTests
{
    // RFC 6455, section 5.7.
    [Fact]
    public void The_masked_hello_of_the_specification_is_read_and_unmasked()
    {
        byte[] frame = [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58];

        Assert.Equal(FrameReadStatus.Ok, WebSocketFrameHeader.TryReadClient(frame, out var header));
        Assert.Equal(new WebSocketFrameHeader(true, WebSocketOpcode.Text, 0x3D21FA37, 5, 6), header);

        var payload = frame.AsSpan(header.HeaderLength);
        WebSocketMask.Apply(payload, payload, header.MaskKey, 0);
        Assert.Equal("Hello", Encoding.UTF8.GetString(payload));
    }

    [Fact]
    public void The_masked_pong_of_the_specification_is_read()
    {
        byte[] frame = [0x8A, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58];

        Assert.Equal(FrameReadStatus.Ok, WebSocketFrameHeader.TryReadClient(frame, out var header));
        Assert.Equal(WebSocketOpcode.Pong, header.Opcode);
        Assert.Equal(5, header.PayloadLength);
    }

    [Theory]
    [InlineData(WebSocketOpcode.Text, 5, new byte[] { 0x81, 0x05 })]
    [InlineData(WebSocketOpcode.Ping, 5, new byte[] { 0x89, 0x05 })]
    [InlineData(WebSocketOpcode.Binary, 256, new byte[] { 0x82, 0x7E, 0x01, 0x00 })]
    [InlineData(WebSocketOpcode.Binary, 65536, new byte[] { 0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0 })]
    [InlineData(WebSocketOpcode.Text, 0, new byte[] { 0x81, 0x00 })]
    [InlineData(WebSocketOpcode.Text, 125, new byte[] { 0x81, 0x7D })]
    [InlineData(WebSocketOpcode.Text, 126, new byte[] { 0x81, 0x7E, 0x00, 0x7E })]
    [InlineData(WebSocketOpcode.Text, 65535, new byte[] { 0x81, 0x7E, 0xFF, 0xFF })]
    [InlineData(WebSocketOpcode.Text, int.MaxValue, new byte[] { 0x81, 0x7F, 0, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF })]
    public void Server_headers_have_the_shortest_form(WebSocketOpcode opcode, int payloadLength, byte[] expected)
    {
        var destination = new byte[WebSocketFrameWriter.MaxHeaderLength];
        var length = WebSocketFrameWriter.WriteHeader(destination, opcode, payloadLength);

        Assert.Equal(expected, destination[..length]);
        Assert.Equal(expected.Length, WebSocketFrameWriter.WriteHeader(destination.AsSpan(0, expected.Length), opcode, payloadLength));
        Assert.Throws<ArgumentException>(() => WebSocketFrameWriter.WriteHeader(destination.AsSpan(0, expected.Length - 1), opcode, payloadLength));
    }

    [Fact]
    public void A_control_frame_of_126_bytes_or_a_negative_length_is_the_callers_fault()
    {
        var destination = new byte[WebSocketFrameWriter.MaxHeaderLength];
        Assert.Throws<ArgumentOutOfRangeException>(() => WebSocketFrameWriter.WriteHeader(destination, WebSocketOpcode.Pong, 126));
        Assert.Throws<ArgumentOutOfRangeException>(() => WebSocketFrameWriter.WriteHeader(destination, WebSocketOpcode.Text, -1));
    }

    public static TheoryData<long> Lengths => [0, 1, 125, 126, 127, 255, 256, 65535, 65536, 65537, int.MaxValue, 1L << 32, long.MaxValue];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Every_length_is_read_whole_needs_every_byte_and_ignores_what_follows(long payloadLength)
    {
        var bytes = ClientHeader(0x82, payloadLength, ShortestForm(payloadLength), 0xA1B2C3D4);
        var expected = new WebSocketFrameHeader(true, WebSocketOpcode.Binary, 0xA1B2C3D4, payloadLength, bytes.Length);

        Assert.Equal(FrameReadStatus.Ok, WebSocketFrameHeader.TryReadClient(bytes, out var header));
        Assert.Equal(expected, header);
        Assert.Equal(FrameReadStatus.Ok, WebSocketFrameHeader.TryReadClient([.. bytes, 0xFF, 0xFF], out header));
        Assert.Equal(expected, header);
        for (var i = 0; i < bytes.Length; i++)
        {
            Assert.Equal(FrameReadStatus.NeedMoreData, WebSocketFrameHeader.TryReadClient(bytes.AsSpan(0, i), out header));
            Assert.Equal(default, header);
        }
    }

    [Theory]
    [InlineData(0, 126)]
    [InlineData(125, 126)]
    [InlineData(0, 127)]
    [InlineData(125, 127)]
    [InlineData(126, 127)]
    [InlineData(65535, 127)]
    [InlineData(-1, 127)]
    [InlineData(long.MinValue, 127)]
    public void A_length_in_a_longer_form_or_with_64_bits_is_refused(long payloadLength, int form)
    {
        var bytes = ClientHeader(0x81, payloadLength, form, 1);
        Assert.Equal(FrameReadStatus.ProtocolError, WebSocketFrameHeader.TryReadClient(bytes, out _));
        Assert.Equal(FrameReadStatus.ProtocolError, WebSocketFrameHeader.TryReadClient(bytes.AsSpan(0, bytes.Length - 4), out _));
    }

    [Fact]
    public void The_64th_length_bit_is_refused_as_soon_as_it_is_seen() =>
        Assert.Equal(FrameReadStatus.ProtocolError, WebSocketFrameHeader.TryReadClient([0x82, 0xFF, 0x80], out _));

    [Fact]
    public void Every_first_two_bytes_are_judged_as_the_specification_says()
    {
        for (var first = 0; first < 256; first++)
        {
            var opcode = first & 0x0F;
            var isControl = opcode >= 8;
            var firstIsValid = (first & 0x70) == 0 && (opcode is 0 or 1 or 2 or 8 or 9 or 10) && (!isControl || first >= 0x80);
            Assert.Equal(
                firstIsValid ? FrameReadStatus.NeedMoreData : FrameReadStatus.ProtocolError,
                WebSocketFrameHeader.TryReadClient([(byte)first], out _));

            for (var second = 0; second < 256; second++)
            {
                var isValid = firstIsValid && second >= 0x80 && (!isControl || (second & 0x7F) <= 125);
                Assert.Equal(
                    isValid ? FrameReadStatus.NeedMoreData : FrameReadStatus.ProtocolError,
                    WebSocketFrameHeader.TryReadClient([(byte)first, (byte)second], out _));
            }
        }
    }

    [Fact]
    public void Random_bytes_are_judged_as_a_slow_reader_judges_them()
    {
        var random = new Random(6455);
        var bytes = new byte[WebSocketFrameHeader.MaxLength];
        for (var round = 0; round < 50_000; round++)
        {
            random.NextBytes(bytes);
            bytes[0] &= 0x8F; // else seven in eight would end at the reserved bits
            bytes[2] &= (byte)(random.Next(4) == 0 ? 0xFF : 0x00);
            bytes[3] &= (byte)(random.Next(2) == 0 ? 0xFF : 0x00);
            var length = random.Next(bytes.Length + 1);

            var status = WebSocketFrameHeader.TryReadClient(bytes.AsSpan(0, length), out var header);
            var expected = ReadSlowly(bytes[..length]);
            Assert.Equal(expected, status == FrameReadStatus.Ok ? header : null);
            if (status != FrameReadStatus.Ok)
            {
                Assert.Equal(default, header);
            }
        }
    }

    private static WebSocketFrameHeader? ReadSlowly(byte[] bytes)
    {
        var queue = new Queue<byte>(bytes);
        if (!queue.TryDequeue(out var first) || !queue.TryDequeue(out var second))
        {
            return null;
        }

        long length = second & 0x7F;
        var extra = length switch { 126 => 2, 127 => 8, _ => 0 };
        if (queue.Count < extra + 4)
        {
            return null;
        }

        if (extra > 0)
        {
            length = 0;
            for (var i = 0; i < extra; i++)
            {
                length = (length << 8) | queue.Dequeue();
            }
        }

        uint key = 0;
        for (var i = 0; i < 4; i++)
        {
            key |= (uint)queue.Dequeue() << (8 * i);
        }

        var opcode = first & 0x0F;
        var isValid = (first & 0x70) == 0
            && second >= 0x80
            && (opcode <= 2 || (opcode is 8 or 9 or 10 && first >= 0x80 && extra == 0))
            && (extra == 0 || length > (extra == 2 ? 125 : 65535));
        return isValid ? new WebSocketFrameHeader(first >= 0x80, (WebSocketOpcode)opcode, key, length, 2 + extra + 4) : null;
    }

    private static int ShortestForm(long length) => length switch { <= 125 => (int)length, <= 65535 => 126, _ => 127 };

    private static byte[] ClientHeader(byte first, long length, int form, uint key)
    {
        var extra = form switch { 126 => 2, 127 => 8, _ => 0 };
        var bytes = new byte[2 + extra + 4];
        bytes[0] = first;
        bytes[1] = (byte)(0x80 | form);
        if (extra == 2)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)length);
        }
        else if (extra == 8)
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(2), length);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(2 + extra), key);
        return bytes;
    }
}
