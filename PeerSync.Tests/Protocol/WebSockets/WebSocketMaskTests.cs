using PeerSync.Protocol.WebSockets;

namespace PeerSync.Tests.Protocol.WebSockets;

public sealed class WebSocketMaskTests
{
    private const uint Key = 0x3D21FA37;

    [Fact]
    public void Every_length_phase_and_alignment_equals_a_byte_loop()
    {
        var random = new Random(1);
        var source = new byte[160];
        random.NextBytes(source);
        for (var length = 0; length <= 140; length++)
        {
            for (var phase = 0; phase < 4; phase++)
            {
                for (var shift = 0; shift < 4; shift++)
                {
                    var payload = source.AsSpan(shift, length);
                    var destination = new byte[shift + length + 3];
                    WebSocketMask.Apply(payload, destination.AsSpan(shift), Key, phase);

                    Assert.Equal(ByteLoop(payload, Key, phase), destination[shift..(shift + length)]);
                    Assert.Equal(new byte[shift], destination[..shift]);
                    Assert.Equal(new byte[3], destination[(shift + length)..]);
                }
            }
        }
    }

    [Fact]
    public void A_payload_masked_in_pieces_equals_one_masked_whole()
    {
        var random = new Random(2);
        for (var round = 0; round < 500; round++)
        {
            var payload = new byte[random.Next(2000)];
            random.NextBytes(payload);
            var key = (uint)random.NextInt64(1L << 32);
            var expected = ByteLoop(payload, key, 0);
            for (var offset = 0; offset < payload.Length;)
            {
                var piece = payload.AsSpan(offset, random.Next(1, Math.Min(200, payload.Length - offset) + 1));
                WebSocketMask.Apply(piece, piece, key, offset);
                offset += piece.Length;
            }

            Assert.Equal(expected, payload);
        }
    }

    [Theory]
    [InlineData(int.MaxValue, 3)]
    [InlineData(int.MinValue, 0)]
    [InlineData(-1, 3)]
    public void A_phase_that_overflowed_counts_by_its_remainder(int phase, int remainder)
    {
        var payload = "some payload of more than one vector in length"u8;
        var destination = new byte[payload.Length];
        WebSocketMask.Apply(payload, destination, Key, phase);
        Assert.Equal(ByteLoop(payload, Key, remainder), destination);
    }

    [Fact]
    public void A_destination_that_is_too_short_is_refused_untouched()
    {
        var destination = new byte[4];
        Assert.Throws<ArgumentException>(() => WebSocketMask.Apply(new byte[5], destination, Key, 0));
        Assert.Equal(new byte[4], destination);
    }

    private static byte[] ByteLoop(ReadOnlySpan<byte> payload, uint key, int phase)
    {
        byte[] keyBytes = [(byte)key, (byte)(key >> 8), (byte)(key >> 16), (byte)(key >> 24)];
        var result = new byte[payload.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = (byte)(payload[i] ^ keyBytes[(i + phase) % 4]);
        }

        return result;
    }
}
