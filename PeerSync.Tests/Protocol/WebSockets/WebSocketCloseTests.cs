using System.Text;
using PeerSync.Protocol.WebSockets;

namespace PeerSync.Tests.Protocol.WebSockets;

public sealed class WebSocketCloseTests
{
    [Fact]
    public void Only_the_registered_and_application_ranges_may_stand_on_the_wire()
    {
        for (var code = -1; code <= 70_000; code++)
        {
            var expected = code is 1000 or 1001 or 1002 or 1003 or (>= 1007 and <= 1014) or (>= 3000 and <= 4999);
            Assert.True(expected == WebSocketCloseCode.IsValidOnWire(code), $"code {code}");
        }
    }

    [Fact]
    public void An_empty_payload_has_no_status()
    {
        Assert.True(WebSocketClosePayload.TryRead([], out var code));
        Assert.Equal(WebSocketCloseCode.NoStatusReceived, code);
    }

    [Theory]
    [InlineData(new byte[] { 0x03, 0xE8 }, 1000)]
    [InlineData(new byte[] { 0x03, 0xE9, (byte)'b', (byte)'y', (byte)'e' }, 1001)]
    [InlineData(new byte[] { 0x0F, 0xA2, 0xC3, 0xA9 }, 4002)]
    public void A_code_with_a_valid_reason_is_read(byte[] payload, int expected)
    {
        Assert.True(WebSocketClosePayload.TryRead(payload, out var code));
        Assert.Equal(expected, code);
    }

    [Theory]
    [InlineData(new byte[] { 0x03 })]
    [InlineData(new byte[] { 0x00, 0x00 })]
    [InlineData(new byte[] { 0x03, 0xED })] // 1005
    [InlineData(new byte[] { 0x03, 0xEE })] // 1006
    [InlineData(new byte[] { 0x03, 0xF7 })] // 1015
    [InlineData(new byte[] { 0x0B, 0xB7 })] // 2999
    [InlineData(new byte[] { 0x13, 0x88 })] // 5000
    [InlineData(new byte[] { 0xFF, 0xFF })]
    [InlineData(new byte[] { 0x03, 0xE8, 0xC3 })]
    [InlineData(new byte[] { 0x03, 0xE8, 0xED, 0xA0, 0x80 })] // a surrogate
    public void One_byte_a_forbidden_code_or_broken_text_is_refused(byte[] payload)
    {
        Assert.False(WebSocketClosePayload.TryRead(payload, out var code));
        Assert.Equal(0, code);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("Superseded by new connection", 28)]
    public void A_short_reason_is_written_whole(string reason, int reasonBytes)
    {
        var frame = new byte[WebSocketFrameWriter.MaxCloseFrameLength];
        var length = WebSocketFrameWriter.WriteClose(frame, 4002, reason);

        Assert.Equal(4 + reasonBytes, length);
        Assert.Equal([0x88, (byte)(2 + reasonBytes), 0x0F, 0xA2], frame[..4]);
        Assert.Equal(reason, Encoding.UTF8.GetString(frame, 4, reasonBytes));
    }

    // 123 bytes are free; characters of two, three and four bytes must not be cut in the middle.
    [Theory]
    [InlineData("a", 123, 123)]
    [InlineData("a", 124, 123)]
    [InlineData("é", 62, 122)]
    [InlineData("€", 41, 123)]
    [InlineData("€", 42, 123)]
    [InlineData("😀", 31, 120)]
    [InlineData("\uD800", 42, 123)]
    public void A_long_reason_is_cut_at_a_character(string unit, int count, int expectedBytes)
    {
        var frame = new byte[WebSocketFrameWriter.MaxCloseFrameLength];
        var length = WebSocketFrameWriter.WriteClose(frame, 1000, string.Concat(Enumerable.Repeat(unit, count)));

        Assert.Equal(4 + expectedBytes, length);
        Assert.Equal(2 + expectedBytes, frame[1]);
        Assert.True(WebSocketClosePayload.TryRead(frame.AsSpan(2, length - 2), out var code));
        Assert.Equal(1000, code);
    }

    [Fact]
    public void No_status_is_written_as_an_empty_close_frame()
    {
        var frame = new byte[WebSocketFrameWriter.MaxCloseFrameLength];
        Assert.Equal(2, WebSocketFrameWriter.WriteClose(frame, WebSocketCloseCode.NoStatusReceived, "ignored"));
        Assert.Equal([0x88, 0x00], frame[..2]);
    }

    [Fact]
    public void A_code_that_must_not_be_sent_and_a_short_destination_are_the_callers_faults()
    {
        var frame = new byte[WebSocketFrameWriter.MaxCloseFrameLength];
        Assert.Throws<ArgumentOutOfRangeException>(() => WebSocketFrameWriter.WriteClose(frame, WebSocketCloseCode.AbnormalClosure, ""));
        Assert.Throws<ArgumentOutOfRangeException>(() => WebSocketFrameWriter.WriteClose(frame, 999, ""));
        Assert.Throws<ArgumentException>(() => WebSocketFrameWriter.WriteClose(frame.AsSpan(1), 1000, ""));
    }
}
