using System.Text;
using PeerSync.Protocol.Peers;

namespace PeerSync.Tests.Protocol.Peers;

public sealed class PeersEnvelopeTests
{
    [Theory]
    [InlineData("AUTH", PeersEvent.Auth)]
    [InlineData("PEER_REGISTER", PeersEvent.PeerRegister)]
    [InlineData("DISCOVER_PEERS", PeersEvent.DiscoverPeers)]
    [InlineData("CONNECTION_REQUEST", PeersEvent.ConnectionRequest)]
    [InlineData("CONNECTION_RESPONSE", PeersEvent.ConnectionResponse)]
    [InlineData("SEND_MESSAGE", PeersEvent.SendMessage)]
    [InlineData("PING", PeersEvent.Ping)]
    [InlineData("CONNECTION_CANCEL", PeersEvent.ConnectionCancel)]
    [InlineData("SESSION_END", PeersEvent.SessionEnd)]
    [InlineData("SET_STATUS", PeersEvent.SetStatus)]
    public void A_name_is_known_exactly_as_it_stands_and_however_it_is_escaped(string name, PeersEvent expected)
    {
        var escaped = string.Concat(name.Select(static c => $"\\u{(int)c:x4}"));
        var mixed = $"\\u{(int)name[0]:X4}{name[1..]}";
        foreach (var form in new[] { name, escaped, mixed })
        {
            var envelope = Ok($$"""{"data":{"a":1},"event":"{{form}}"}""");
            Assert.Equal(expected, envelope.Event);
            Assert.Equal("", envelope.UnknownName);
            Assert.Equal("""{"a":1}""", Encoding.UTF8.GetString(envelope.Data));
        }

        foreach (var other in new[] { name.ToLowerInvariant(), name + "\\u0000", name + " ", " " + name, name[..^1], name + "X" })
        {
            Assert.Equal(PeersEvent.Unknown, Ok($$"""{"event":"{{other}}"}""").Event);
        }
    }

    [Theory]
    [InlineData("{}", "undefined")]
    [InlineData("""{"data":{}}""", "undefined")]
    [InlineData("""{"":"AUTH"}""", "undefined")]
    [InlineData("""{"Event":"AUTH"}""", "undefined")]
    [InlineData("""{"event":7}""", "7")]
    [InlineData("""{"event":-1.5e300}""", "-1.5e300")]
    [InlineData("""{"event":1e400}""", "1e400")]
    [InlineData("""{"event":true}""", "true")]
    [InlineData("""{"event":false}""", "false")]
    [InlineData("""{"event":null}""", "null")]
    [InlineData("""{"event":{}}""", "[object]")]
    [InlineData("""{"event":{"toString":null,"valueOf":null}}""", "[object]")]
    [InlineData("""{"event":["AUTH"]}""", "[array]")]
    [InlineData("""{"event":""}""", "")]
    [InlineData("""{"event":"NOPE"}""", "NOPE")]
    [InlineData("""{"event":"__proto__"}""", "__proto__")]
    [InlineData("""{"event":"né\"\\\/"}""", "né\"\\/")]
    [InlineData("""{"event":"a\u0000\u001b[2J\u202eb\u2028\u0085"}""", "a\uFFFD\uFFFD[2J\uFFFDb\uFFFD\uFFFD")]
    [InlineData("""{"event":"\ud800x"}""", "\uFFFDx")]
    [InlineData("""{"event":"x\udc00"}""", "x\uFFFD")]
    [InlineData("""{"event":"\ud83d\ude00"}""", "😀")]
    [InlineData("""{"event":"A","event":"B"}""", "B")]
    [InlineData("""{"event":"AUTH","event":null}""", "null")]
    public void An_unknown_event_is_named_harmlessly(string json, string expected)
    {
        var envelope = Ok(json);
        Assert.Equal(PeersEvent.Unknown, envelope.Event);
        Assert.Equal(expected, envelope.UnknownName);
    }

    [Theory]
    [InlineData("a", 64, 64)]
    [InlineData("a", 65, 64)]
    [InlineData("a", 100_000, 64)]
    [InlineData("é", 65, 64)]
    [InlineData("😀", 32, 64)]
    [InlineData("a😀", 30, 64)]
    [InlineData("ab😀", 30, 64)]
    [InlineData("\\u0061", 65, 64)]
    [InlineData("\\ud83d\\ude00", 33, 64)]
    [InlineData("a\\ud83d\\ude00", 33, 64)]
    [InlineData("a\\n😀", 33, 64)]
    public void A_long_name_is_clamped_and_no_pair_is_split(string unit, int count, int most)
    {
        var name = Ok($$"""{"event":"{{string.Concat(Enumerable.Repeat(unit, count))}}"}""").UnknownName;
        Assert.InRange(name.Length, most - 1, most);
        Assert.False(char.IsHighSurrogate(name[^1]));
        Assert.All(name.EnumerateRunes(), rune => Assert.True(rune.Value != 0xFFFD || unit.Contains("\\n", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_long_number_is_clamped_too()
    {
        var digits = new string('1', 5000);
        Assert.Equal(digits[..64], Ok($$"""{"event":{{digits}}}""").UnknownName);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData("not json")]
    [InlineData("{")]
    [InlineData("}")]
    [InlineData("{}{}")]
    [InlineData("{} x")]
    [InlineData("{}]")]
    [InlineData("nul")]
    [InlineData("nullx")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("undefined")]
    [InlineData("'AUTH'")]
    [InlineData("01")]
    [InlineData("+1")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("\"\\x41\"")]
    [InlineData("\"\\u12g4\"")]
    [InlineData("\"\n\"")]
    [InlineData("\uFEFF{}")]
    [InlineData("{\"event\":\"PING\",}")]
    [InlineData("{\"event\":\"PING\"/**/}")]
    [InlineData("{\"event\":\"PING\"//\n}")]
    [InlineData("{event:\"PING\"}")]
    [InlineData("{\"event\":\"PING\",\"data\":}")]
    [InlineData("{\"event\":\"PING\",\"data\":{]}")]
    [InlineData("{\"event\":\"PING\",\"data\":{\"a\":1,}}")]
    [InlineData("{\"event\":\"PING\",\"data\":[1 2]}")]
    [InlineData("{\"event\":\"PING\" \"data\":1}")]
    [InlineData("{\"event\":\"PING\u0000\"}")]
    public void What_is_not_json_is_refused(string text) => Assert.Equal(PeersEnvelopeStatus.InvalidJson, Status(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData(new byte[] { (byte)'"', 0xFF, (byte)'"' })]
    [InlineData(new byte[] { (byte)'"', 0xC3, (byte)'"' })]
    [InlineData(new byte[] { (byte)'"', 0xED, 0xA0, 0x80, (byte)'"' })]
    [InlineData(new byte[] { (byte)'"', 0xC0, 0x80, (byte)'"' })]
    public void Ill_formed_utf8_is_refused_in_names_and_values(byte[] text)
    {
        Assert.Equal(PeersEnvelopeStatus.InvalidJson, Status([.. "{\"event\":\"SEND_MESSAGE\",\"data\":{\"content\":"u8, .. text, .. "}}"u8]));
        Assert.Equal(PeersEnvelopeStatus.InvalidJson, Status([.. "{\"event\":\"SEND_MESSAGE\",\"data\":{"u8, .. text, .. ":1}}"u8]));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("[[{\"event\":\"AUTH\"}]]")]
    [InlineData("5")]
    [InlineData("-0")]
    [InlineData("1e400")]
    [InlineData("\"AUTH\"")]
    [InlineData("\"\\ud800\"")]
    [InlineData("true")]
    [InlineData("false")]
    [InlineData(" \r\n\t null \r\n\t ")]
    public void Json_that_is_no_object_is_told_apart(string json) => Assert.Equal(PeersEnvelopeStatus.NotAnObject, Status(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("""{"event":"PING"}""", "")]
    [InlineData("""{"event":"PING","data":null}""", "null")]
    [InlineData("""{"event":"PING","data":0}""", "0")]
    [InlineData("""{"event":"PING","data":"a\ud800"}""", "\"a\\ud800\"")]
    [InlineData("""{"event":"PING","data":[1, {"data":2}]}""", "[1, {\"data\":2}]")]
    [InlineData(""" { "event" : "PING" , "data" : { "a" : [ ] } } """, "{ \"a\" : [ ] }")]
    [InlineData("""{"data":{"x":1},"event":"PING"}""", "{\"x\":1}")]
    [InlineData("""{"data":{"x":1},"event":"PING","data":2}""", "2")]
    [InlineData("""{"d\u0061ta":1,"\u0065vent":"PING"}""", "1")]
    [InlineData("""{"event":"NOPE","event":"PING","other":{"event":"AUTH"},"":0,"\ud800":1,"__proto__":{"event":"AUTH"}}""", "")]
    public void Data_is_the_raw_value_of_the_last_member_of_that_name(string json, string expected)
    {
        var envelope = Ok(json);
        Assert.Equal(PeersEvent.Ping, envelope.Event);
        Assert.Equal(expected, Encoding.UTF8.GetString(envelope.Data));
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    public void A_depth_of_more_levels_than_the_stack_has_bytes_is_read(string open, string close)
    {
        const int depth = 300_000;
        var content = new StringBuilder().Insert(0, open, depth).Append('1').Insert((open.Length * depth) + 1, close, depth);
        var bytes = Encoding.UTF8.GetBytes($$$"""{"event":"SEND_MESSAGE","data":{"sessionId":"s","content":{{{content}}}}}""");

        var statuses = new PeersEnvelopeStatus[2];
        var thread = new Thread(
            () =>
            {
                statuses[0] = Status(bytes);
                statuses[1] = Status(bytes.AsSpan(0, bytes.Length / 2));
            },
            maxStackSize: 128 * 1024);
        thread.Start();

        Assert.True(thread.Join(TimeSpan.FromSeconds(10)), "a message of 300,000 levels was not read in ten seconds");
        Assert.Equal([PeersEnvelopeStatus.Ok, PeersEnvelopeStatus.InvalidJson], statuses);
    }

    [Fact]
    public async Task Four_mebibytes_of_opening_brackets_are_refused_in_linear_time()
    {
        var bytes = new byte[4 * 1024 * 1024];
        bytes.AsSpan().Fill((byte)'[');
        Assert.Equal(PeersEnvelopeStatus.InvalidJson, await Task.Run(() => Status(bytes)).WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void Every_truncation_of_a_message_is_invalid_and_every_changed_byte_is_survived()
    {
        var random = new Random(5003);
        foreach (var text in Samples)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            for (var length = 0; length < bytes.Length; length++)
            {
                Assert.Equal(PeersEnvelopeStatus.InvalidJson, Status(bytes.AsSpan(0, length)));
            }

            for (var round = 0; round < 1000; round++)
            {
                var changed = (byte[])bytes.Clone();
                for (var i = random.Next(1, 4); i > 0; i--)
                {
                    changed[random.Next(changed.Length)] = (byte)random.Next(round % 2 == 0 ? 128 : 256);
                }

                PeersCalls.ReadEverything(changed);
            }
        }
    }

    [Fact]
    public void Random_bytes_are_survived()
    {
        var random = new Random(9001);
        for (var round = 0; round < 5_000; round++)
        {
            var bytes = new byte[random.Next(64)];
            random.NextBytes(bytes);
            PeersCalls.ReadEverything(bytes);
        }
    }

    [Fact]
    public void Random_rows_of_tokens_are_survived()
    {
        string[] tokens =
        [
            "{", "}", "[", "]", ",", ":", "\"event\"", "\"data\"", "\"sessionId\"", "\"from\"", "\"SEND_MESSAGE\"", "\"AUTH\"", "\"\\ud800\"", "1", "null", "true", " ",
        ];
        var random = new Random(1007);
        for (var round = 0; round < 10_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => tokens[random.Next(tokens.Length)]));
            PeersCalls.ReadEverything(Encoding.UTF8.GetBytes(text));
        }
    }

    private static readonly string[] Samples =
    [
        """{"event":"AUTH","data":{"token":"Bearer a.b.c"}}""",
        """{"event":"PEER_REGISTER","data":{"displayName":"Al\ud83d\ude00","ide":"vscode","role":"guest","publicKey":"AAAA"}}""",
        """{"event":"DISCOVER_PEERS","data":{"role":"r","ide":"i","lanOnly":1e-3}}""",
        """{"event":"CONNECTION_REQUEST","data":{"targetId":"bob"}}""",
        """{"event":"CONNECTION_RESPONSE","data":{"requestId":"req_1","accepted":true}}""",
        """{"event":"SEND_MESSAGE","data":{"sessionId":"ses_1","content":{"a":[1,{"b":"é\ud800"}]},"fr\u006fm":"x","type":null}}""",
        """{"event":"SET_STATUS","data":{"status":"away"}}""",
    ];

    private static PeersEnvelope Ok(string json)
    {
        Assert.Equal(PeersEnvelopeStatus.Ok, PeersReader.Read(Encoding.UTF8.GetBytes(json), out var envelope));
        return envelope;
    }

    private static PeersEnvelopeStatus Status(ReadOnlySpan<byte> json)
    {
        var status = PeersReader.Read(json, out var envelope);
        if (status != PeersEnvelopeStatus.Ok)
        {
            Assert.Equal(PeersEvent.Unknown, envelope.Event);
            Assert.True(envelope.Data.IsEmpty);
        }

        return status;
    }
}
