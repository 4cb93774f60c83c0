using System.Buffers;
using System.Text;
using System.Text.Json;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Peers;

namespace PeerSync.Tests.Protocol.Peers;

public sealed class PeersRelayTests
{
    private const string Stamp = "2026-01-02T12:04:05.067Z";

    [Theory]

    // As the original server relayed them.
    [InlineData("\"sessionId\":\"s\",\"content\":\"hello alice\",\"type\":\"text\"", ",\"content\":\"hello alice\",\"type\":\"text\"")]
    [InlineData(
        "\"sessionId\":\"s\",\"content\":{\"ciphertext\":\"AAECAw==\",\"nonce\":\"AAAA\",\"version\":1,\"timestamp\":\"t\"},\"type\":\"text\"",
        ",\"content\":{\"ciphertext\":\"AAECAw==\",\"nonce\":\"AAAA\",\"version\":1,\"timestamp\":\"t\"},\"type\":\"text\"")]
    [InlineData("\"sessionId\":\"s\"", "")]
    [InlineData("\"sessionId\":\"s\",\"content\":null,\"type\":null,\"correlationId\":null", ",\"content\":null,\"type\":null,\"correlationId\":null")]

    // What clients send beyond that travels too.
    [InlineData(
        "\"sessionId\":\"s\",\"content\":1,\"messageId\":\"m1\",\"replyToId\":\"m0\",\"later\":{\"x\":[]}",
        ",\"content\":1,\"messageId\":\"m1\",\"replyToId\":\"m0\",\"later\":{\"x\":[]}")]

    // The session id may stand anywhere, with any white space.
    [InlineData("\"content\":\"a\",\"sessionId\":\"s\"", ",\"content\":\"a\"")]
    [InlineData("\"content\":\"a\",\"sessionId\":\"s\",\"type\":\"t\"", ",\"content\":\"a\",\"type\":\"t\"")]
    [InlineData(" \"a\" : 1 ,\n\t\"sessionId\" : \"s\" , \"b\" : 2 ", ",\"a\" : 1, \"b\" : 2")]
    [InlineData(" \"sessionId\" : \"s\" ", "")]
    [InlineData(" \"sessionId\" : \"s\" ,\r\n \"b\" : 2 \n", ",\r\n \"b\" : 2")]
    [InlineData("\"a\":1 , \"sessionId\":\"s\"", ",\"a\":1")]

    // JSON that other parsers bend or break.
    [InlineData(
        "\"sessionId\":\"s\",\"content\":[12345678901234567890,1e400,-0,1.10,\"\\ud800\",\"\\u0000\",{\"__proto__\":1,\"\":2,\"a\":1,\"a\":2}]",
        ",\"content\":[12345678901234567890,1e400,-0,1.10,\"\\ud800\",\"\\u0000\",{\"__proto__\":1,\"\":2,\"a\":1,\"a\":2}]")]
    [InlineData("\"sessionId\":\"s\",\"content\":1,\"content\":2,\"\\ud800\":3,\"\":4", ",\"content\":1,\"content\":2,\"\\ud800\":3,\"\":4")]
    [InlineData("\"sessionId\":\"s\",\"content\":\"é\\u00e9😀\\ud83d\\ude00\u2028\u007F\"", ",\"content\":\"é\\u00e9😀\\ud83d\\ude00\u2028\u007F\"")]
    [InlineData("\"sessionId\":\"s\",\"content\":\"],}\\\"{[,\"", ",\"content\":\"],}\\\"{[,\"")]

    // Nobody forges what the server vouches for.
    [InlineData("\"sessionId\":\"s\",\"from\":\"eve\",\"content\":1", ",\"content\":1")]
    [InlineData("\"from\":{\"a\":1},\"content\":1,\"sessionId\":\"s\",\"timestamp\":[]", ",\"content\":1")]
    [InlineData("\"sessionId\":\"s\",\"timestamp\":\"x\",\"timestamp\":\"y\"", "")]
    [InlineData("\"sessionId\":\"s\",\"\\u0066rom\":\"eve\",\"fr\\u006Fm\":1,\"content\":1,\"t\\u0069mestamp\":2", ",\"content\":1")]
    [InlineData("\"sessionId\":\"other\",\"content\":1,\"sessionId\":\"s\"", ",\"content\":1")]
    [InlineData("\"s\\u0065ssionId\":\"other\",\"content\":1 , \"sessionId\":\"s\", \"x\" : 2", ",\"content\":1,\"x\" : 2")]

    // Names that only look like them, and the same names further down, are the sender's.
    [InlineData("\"sessionId\":\"s\",\"From\":1,\"from \":2,\"\\u0000from\":3,\"timestamp\\u0000\":4", ",\"From\":1,\"from \":2,\"\\u0000from\":3,\"timestamp\\u0000\":4")]
    [InlineData("\"sessionId\":\"s\",\"content\":{\"from\":1,\"sessionId\":2}", ",\"content\":{\"from\":1,\"sessionId\":2}")]
    public void Data_travels_as_it_is_but_for_the_servers_own_members(string members, string expected)
    {
        foreach (var frame in new[] { $$$"""{"event":"SEND_MESSAGE","data":{{{{members}}}}}""", $$$""" { "data" : {{{{members}}}} , "event" : "SEND_MESSAGE" } """ })
        {
            Assert.Equal(PeersEnvelopeStatus.Ok, PeersReader.Read(Encoding.UTF8.GetBytes(frame), out var envelope));
            Assert.Equal(PeersEvent.SendMessage, envelope.Event);
            var message = PeersReader.ReadSendMessage(envelope);
            Assert.Equal(PeersFieldStatus.Text, message.Status);
            Assert.Equal("s", Encoding.UTF8.GetString(message.SessionIdUtf8));
            Assert.Equal(
                $$$"""{"event":"MESSAGE_RECEIVED","data":{"sessionId":"s","from":"me"{{{expected}}},"timestamp":"{{{Stamp}}}"}}""",
                PeersCalls.Relay(message));
        }
    }

    [Theory]
    [InlineData("\"from\":\"eve\"")]
    [InlineData("\"timestamp\":1,\"content\":2")]
    [InlineData("\"sessionId\":\"s\",\"sessionId\":null")]
    [InlineData("\"sessionId\":\"s\",\"\\u0073essionId\":\"\"")]
    public void A_message_whose_last_session_id_is_missing_has_none(string members)
    {
        Assert.Equal(PeersEnvelopeStatus.Ok, PeersReader.Read(Encoding.UTF8.GetBytes($$$"""{"data":{{{{members}}}}}"""), out var envelope));
        Assert.Equal(PeersFieldStatus.Missing, PeersReader.ReadSendMessage(envelope).Status);
    }

    [Fact]
    public void An_earlier_data_member_leaves_no_trace()
    {
        var frame = """{"data":{"sessionId":"old","from":1,"x":2},"event":"SEND_MESSAGE","data":{"content":1,"sessionId":"s"}}"""u8;
        Assert.Equal(PeersEnvelopeStatus.Ok, PeersReader.Read(frame, out var envelope));
        Assert.Equal(
            $$$"""{"event":"MESSAGE_RECEIVED","data":{"sessionId":"s","from":"me","content":1,"timestamp":"{{{Stamp}}}"}}""",
            PeersCalls.Relay(PeersReader.ReadSendMessage(envelope)));

        Assert.Equal(PeersEnvelopeStatus.Ok, PeersReader.Read("""{"data":{"sessionId":"old"},"data":7}"""u8, out envelope));
        Assert.Equal(PeersFieldStatus.Missing, PeersReader.ReadSendMessage(envelope).Status);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(100_000)]
    public void Deep_content_is_relayed_byte_for_byte(int depth)
    {
        var content = new string('[', depth) + new string(']', depth);
        foreach (var owned in new[] { "", ",\"from\":1" })
        {
            var frame = $$$"""{"event":"SEND_MESSAGE","data":{"sessionId":"s"{{{owned}}},"content":{{{content}}}}}""";
            Assert.Equal(PeersEnvelopeStatus.Ok, PeersReader.Read(Encoding.UTF8.GetBytes(frame), out var envelope));
            Assert.Equal(
                $$$"""{"event":"MESSAGE_RECEIVED","data":{"sessionId":"s","from":"me","content":{{{content}}},"timestamp":"{{{Stamp}}}"}}""",
                PeersCalls.Relay(PeersReader.ReadSendMessage(envelope)));
        }
    }

    [Fact]
    public void Random_data_is_relayed_member_by_member_as_a_slow_relay_would()
    {
        string[] names = ["sessionId", "\\u0073essionId", "from", "fro\\u006d", "timestamp", "content", "type", "messageId", "", "data", "event", "é", "f"];
        string[] values = ["\"s\"", "\"\\u0073\"", "null", "1e400", "{}", "{ \"from\" : [ 1 , 2 ] }", "[]", "\"a,}\\\"\"", "true", "-1.50"];
        string[] spaces = ["", "", " ", "\n\t "];
        var random = new Random(4);
        for (var round = 0; round < 5_000; round++)
        {
            var members = Enumerable.Range(0, random.Next(7))
                .Select(_ => $"{Any(spaces)}\"{Any(names)}\"{Any(spaces)}:{Any(spaces)}{Any(values)}{Any(spaces)}");
            var data = $"{{{string.Join(',', members)}{Any(spaces)}}}";
            Assert.Equal(PeersEnvelopeStatus.Ok, PeersReader.Read(Encoding.UTF8.GetBytes($"{{\"data\":{data}}}"), out var envelope));
            var message = PeersReader.ReadSendMessage(envelope);

            using var sent = JsonDocument.Parse(data);
            var all = sent.RootElement.EnumerateObject().ToList();
            var last = all.LastOrDefault(static p => p.Name == "sessionId");
            var isText = last.Value.ValueKind == JsonValueKind.String;
            Assert.Equal(isText, message.Status == PeersFieldStatus.Text);
            if (!isText)
            {
                continue;
            }

            using var received = JsonDocument.Parse(PeersCalls.Relay(message));
            var expected = all.Where(static p => p.Name is not ("sessionId" or "from" or "timestamp")).Select(static p => (p.Name, p.Value.GetRawText())).ToList();
            expected.InsertRange(0, [("sessionId", last.Value.GetRawText()), ("from", "\"me\"")]);
            expected.Add(("timestamp", $"\"{Stamp}\""));
            Assert.Equal(expected, received.RootElement.GetProperty("data").EnumerateObject().Select(static p => (p.Name, p.Value.GetRawText())));
        }

        string Any(string[] choices) => choices[random.Next(choices.Length)];
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00.000Z")]
    [InlineData("1970-01-01T00:00:00.000Z")]
    [InlineData("2024-02-29T23:59:59.999Z")]
    [InlineData("2026-12-31T09:08:07.006Z")]
    [InlineData("9999-12-31T23:59:59.999Z")]
    public void Timestamps_are_iso_8601_in_utc_with_milliseconds(string expected)
    {
        var time = DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture).AddTicks(9_999);
        Assert.Equal(PeersEnvelopeStatus.Ok, PeersReader.Read("""{"data":{"sessionId":"s"}}"""u8, out var envelope));
        var buffer = MessageBuffer.Rent();
        PeersWriter.MessageReceived(buffer, PeersReader.ReadSendMessage(envelope), "\"s\""u8, "\"me\""u8, time);
        Assert.Equal(
            $$$"""{"event":"MESSAGE_RECEIVED","data":{"sessionId":"s","from":"me","timestamp":"{{{expected}}}"}}""",
            Encoding.UTF8.GetString(buffer.Span));
        buffer.Release();
    }

    [Fact]
    public void Relaying_allocates_nothing()
    {
        var frame = Encoding.UTF8.GetBytes(
            $$$"""{"event":"SEND_MESSAGE","data":{"sessionId":"ses_7f1c3f0e-8f0b-4a53-9c55-0d6c1f1f9a11","content":"{{{new string('x', 124)}}}","type":"text","messageId":"m1"}}""");
        Assert.Equal(256, frame.Length);
        var from = PeersWriter.EncodeString("7d1f5a9e-3a55-4c07-8a53-1c8a29f3e0aa");
        var output = new ArrayBufferWriter<byte>(2048);
        for (var i = 0; i < 1000; i++)
        {
            RelayOnce();
        }

        // The runtime may replace code that it has come to know as hot, which costs the running thread some bytes once; a real cost recurs.
        var least = long.MaxValue;
        for (var attempt = 0; attempt < 5 && least != 0; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
            {
                RelayOnce();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);

        void RelayOnce()
        {
            var status = PeersReader.Read(frame, out var envelope);
            Assert.True(status == PeersEnvelopeStatus.Ok); // Assert.Equal would allocate
            var message = PeersReader.ReadSendMessage(envelope);
            output.ResetWrittenCount();
            PeersWriter.MessageReceived(output, message, message.SessionIdJson, from, PeersCalls.Noon);
        }
    }
}
