using System.Buffers;
using System.Text;
using PeerSync.Protocol.SocketIO;

namespace PeerSync.Tests.Protocol.SocketIO;

public sealed class EnginePayloadTests
{
    public static TheoryData<string, string[]> Payloads { get; } = new()
    {
        { "4hello", ["4hello"] },
        { "4hello\u001e2\u001e4world", ["4hello", "2", "4world"] },
        { "4hello\u001ebAQIDBA==", ["4hello", "b:01020304"] },
        { "b\u001eb\u001e6", ["b:", "b:", "6"] },
        { "bAQIDBAUG", ["b:010203040506"] },
        { "0{\"a\":\"é😀\"}\u001e1\u001e3probe\u001e5", ["0{\"a\":\"é😀\"}", "1", "3probe", "5"] },
    };

    public static TheoryData<string> Invalid { get; } =
    [
        string.Empty, "abc", "7", "/", ":", " 4", "\u001e", "4a\u001e", "\u001e4a", "4a\u001e\u001e4b", "bAQID\u001ebA", "bAQ=", "bAQID BA==", "bAQIDBA=\n=", "b-_-_",
        "B", "é",
    ];

    [Theory]
    [MemberData(nameof(Payloads))]
    public void A_payload_is_read_as_its_packets(string payload, string[] packets) => Assert.Equal(packets, Read(Encoding.UTF8.GetBytes(payload)));

    [Theory]
    [MemberData(nameof(Payloads))]
    public void What_is_written_packet_by_packet_is_the_payload(string payload, string[] packets)
    {
        var output = new ArrayBufferWriter<byte>();
        var isFirst = true;
        foreach (var packet in packets)
        {
            var isBinary = packet.StartsWith("b:", StringComparison.Ordinal);
            EnginePayload.Append(output, isBinary ? Convert.FromHexString(packet[2..]) : Encoding.UTF8.GetBytes(packet), isBinary, isFirst);
            isFirst = false;
        }

        Assert.Equal(payload, Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void Anything_else_is_no_payload(string payload) => Assert.Null(Read(Encoding.UTF8.GetBytes(payload)));

    [Theory]
    [MemberData(nameof(Payloads))]
    public void A_payload_cut_anywhere_has_its_first_packets_or_is_none(string payload, string[] packets)
    {
        var bytes = Encoding.UTF8.GetBytes(payload);
        for (var length = 0; length < bytes.Length; length++)
        {
            if (Read(bytes.AsSpan(0, length)) is not { } read)
            {
                continue;
            }

            // Only the last packet of a cut payload may be another one.
            Assert.True(read.Length <= packets.Length);
            Assert.Equal(packets[..(read.Length - 1)], read[..^1]);
        }
    }

    [Fact]
    public void As_many_packets_as_fit_are_read_one_by_one()
    {
        var payload = Encoding.UTF8.GetBytes(string.Join('\u001e', Enumerable.Repeat("4", 500_000)));
        Assert.Equal(500_000, Read(payload)!.Length);
    }

    [Fact]
    public void Random_bytes_do_no_harm()
    {
        var random = new Random(5);
        var alphabet = "0123456b=AZ+/\u001e\u001eé{}"u8;
        for (var round = 0; round < 50_000; round++)
        {
            var bytes = new byte[random.Next(40)];
            for (var i = 0; i < bytes.Length; i++)
            {
                bytes[i] = random.Next(4) == 0 ? (byte)random.Next(256) : alphabet[random.Next(alphabet.Length)];
            }

            Read(bytes);
        }
    }

    [Theory]
    [InlineData("EIO=4&transport=polling", EngineTransport.Polling, true, false)]
    [InlineData("?transport=websocket&EIO=4&t=abc", EngineTransport.WebSocket, true, false)]
    [InlineData("transport=polling", EngineTransport.Polling, false, false)]
    [InlineData("EIO=abc&transport=polling", EngineTransport.Polling, false, false)]
    [InlineData("EIO=3&transport=polling", EngineTransport.Polling, false, false)]
    [InlineData("EIO=4", EngineTransport.Unknown, true, false)]
    [InlineData("EIO=4&transport=Polling", EngineTransport.Unknown, true, false)]
    [InlineData("EIO=4&transport=polling&transport=polling", EngineTransport.Unknown, true, false)]
    [InlineData("EIO=4&EIO=4&transport=polling", EngineTransport.Polling, false, false)]
    [InlineData("EIO=4&transport=polling&sid=", EngineTransport.Polling, true, false)]
    [InlineData("EIO=4&transport=polling&sid=nope", EngineTransport.Polling, true, true)]
    [InlineData("EIO=4&transport=polling&sid=AAAAAAAAAAAAAAAAAAAB&sid=AAAAAAAAAAAAAAAAAAAB", EngineTransport.Polling, true, true)]
    [InlineData("&&=&EIO&transport", EngineTransport.Unknown, false, false)]
    [InlineData("", EngineTransport.Unknown, false, false)]
    public void A_query_says_transport_version_and_session(string text, EngineTransport transport, bool isVersion4, bool namesNobody)
    {
        var query = EngineQuery.Parse(text);
        Assert.Equal(transport, query.Transport);
        Assert.Equal(isVersion4, query.IsVersion4);
        Assert.Equal(namesNobody ? default(EngineSessionId) : null, query.Session);
    }

    [Fact]
    public void A_session_id_has_one_text_of_twenty_characters()
    {
        var seen = new HashSet<EngineSessionId>();
        for (var round = 0; round < 1000; round++)
        {
            var id = EngineSessionId.Create();
            Assert.True(seen.Add(id));
            var text = id.ToString();
            Assert.Equal(EngineSessionId.TextLength, text.Length);
            Assert.True(EngineSessionId.TryParse(text, out var read));
            Assert.Equal(id, read);
            Assert.Equal(id, EngineQuery.Parse($"sid={text}").Session);
            for (var length = 0; length < text.Length; length++)
            {
                Assert.False(EngineSessionId.TryParse(text.AsSpan(0, length), out _));
            }

            Assert.False(EngineSessionId.TryParse(text + "A", out _));
            Assert.False(EngineSessionId.TryParse(text[..^1] + "+", out _));
            Assert.False(EngineSessionId.TryParse(text[..^1] + " ", out _));
            Assert.False(EngineSessionId.TryParse(text[..^1] + "=", out _));
        }
    }

    [Theory]
    [InlineData(EngineErrorCode.TransportUnknown, """{"code":0,"message":"Transport unknown"}""")]
    [InlineData(EngineErrorCode.SessionUnknown, """{"code":1,"message":"Session ID unknown"}""")]
    [InlineData(EngineErrorCode.BadHandshakeMethod, """{"code":2,"message":"Bad handshake method"}""")]
    [InlineData(EngineErrorCode.BadRequest, """{"code":3,"message":"Bad request"}""")]
    [InlineData(EngineErrorCode.Forbidden, """{"code":4,"message":"Forbidden"}""")]
    [InlineData(EngineErrorCode.UnsupportedVersion, """{"code":5,"message":"Unsupported protocol version"}""")]
    public void Errors_have_their_bodies(EngineErrorCode code, string body)
    {
        var output = new ArrayBufferWriter<byte>();
        EngineError.Write(output, code);
        Assert.Equal(body, Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void The_open_packet_has_five_members_in_their_order()
    {
        var output = new ArrayBufferWriter<byte>();
        var id = EngineSessionId.Create();
        EngineWriter.Open(output, id, canUpgrade: true, 25_000, 20_000, 1_000_000);
        Assert.Equal(
            $$"""0{"sid":"{{id}}","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}""",
            Encoding.UTF8.GetString(output.WrittenSpan));
        output.Clear();
        EngineWriter.Open(output, id, canUpgrade: false, 300, 200, 1);
        Assert.Equal($$"""0{"sid":"{{id}}","upgrades":[],"pingInterval":300,"pingTimeout":200,"maxPayload":1}""", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    /// <summary>The packets, binary ones in hexadecimal behind <c>b:</c>; null where it is no payload.</summary>
    private static string[]? Read(ReadOnlySpan<byte> payload)
    {
        var packets = new List<string>();
        var position = 0;
        while (true)
        {
            var status = EnginePayload.ReadNext(payload, ref position, out var packet);
            if (status != EngineReadStatus.Packet)
            {
                return status == EngineReadStatus.End ? [.. packets] : null;
            }

            var text = payload.Slice(packet.Start, packet.Length);
            if (packet.IsBinary)
            {
                var bytes = new ArrayBufferWriter<byte>();
                EnginePayload.DecodeBinary(bytes, text);
                packets.Add($"b:{Convert.ToHexString(bytes.WrittenSpan)}");
            }
            else
            {
                Assert.Equal((int)packet.Type, text[0] - '0');
                packets.Add(Encoding.UTF8.GetString(text));
            }
        }
    }
}
