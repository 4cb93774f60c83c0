using System.Buffers;
using System.Text;
using System.Text.Json;
using PeerSync.Protocol.SocketIO;

namespace PeerSync.Tests.Protocol.SocketIO;

public sealed class SocketIOReaderTests
{
    // What the protocol's own document and the recorded conversations have.
    public static TheoryData<string> Valid { get; } =
    [
        "0", "0{\"sid\":\"wZX3oN0bSVIhsaknAAAI\"}", "0/admin,", "0/admin", "0/admin,{\"token\":\"123\"}", "0/admin?a=b&c,{\"x\":[1]}",
        "1", "1/admin,", "1/admin", "4{\"message\":\"Not authorized\"}", "4\"text\"",
        "2[\"foo\"]", "2/admin,[\"bar\"]", "212[\"foo\"]", "2/admin,13[\"foo\"]", "2[\"message\",1,\"2\",{\"3\":[true]}]", "2[7,null]",
        "2/signaling,[\"leave-queue\"]", "29007199254740991[\"a\"]", "2 [ \"a\" , 1 , [ ] ] ", "2[\"\",\"\\ud83d\\ude00é\"]",
        "312[]", "314[\"bar\"]", "3/admin,13[\"bar\",{}]",
        "51-[\"baz\",{\"_placeholder\":true,\"num\":0}]", "52-/admin,[\"baz\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]",
        "51-14[\"foo\",{\"a\":[{\"num\":0,\"_placeholder\":true}]}]", "50-[\"foo\"]", "61-15[\"bar\",{\"_placeholder\":true,\"num\":0}]",
        "51-[\"foo\",{\"_placeholder\":false,\"num\":9},{\"_placeholder\":\"true\"},{\"num\":-1}]",
        "2[\"foo\",{\"_placeholder\":true,\"num\":4}]",
    ];

    public static TheoryData<string, SocketIOReadStatus> Invalid { get; } = new()
    {
        { string.Empty, SocketIOReadStatus.UnknownType },
        { "7", SocketIOReadStatus.UnknownType },
        { "abc", SocketIOReadStatus.UnknownType },
        { " 2[\"a\"]", SocketIOReadStatus.UnknownType },
        { "0[]", SocketIOReadStatus.InvalidPayload },
        { "0null", SocketIOReadStatus.InvalidPayload },
        { "0{}{}", SocketIOReadStatus.InvalidPayload },
        { "0123", SocketIOReadStatus.InvalidPayload },
        { "0/admin,7{}", SocketIOReadStatus.InvalidPayload },
        { "1{}", SocketIOReadStatus.InvalidPayload },
        { "1/admin,[]", SocketIOReadStatus.InvalidPayload },
        { "4", SocketIOReadStatus.InvalidPayload },
        { "4[]", SocketIOReadStatus.InvalidPayload },
        { "2", SocketIOReadStatus.InvalidPayload },
        { "2/admin,", SocketIOReadStatus.InvalidPayload },
        { "2{}", SocketIOReadStatus.InvalidPayload },
        { "2[]", SocketIOReadStatus.InvalidPayload },
        { "2[{}]", SocketIOReadStatus.InvalidPayload },
        { "2[null]", SocketIOReadStatus.InvalidPayload },
        { "2[true]", SocketIOReadStatus.InvalidPayload },
        { "2[[]]", SocketIOReadStatus.InvalidPayload },
        { "2[\"a\",]", SocketIOReadStatus.InvalidPayload },
        { "2[\"a\"]x", SocketIOReadStatus.InvalidPayload },
        { "2abc[\"a\"]", SocketIOReadStatus.InvalidPayload },
        { "2-1[\"a\"]", SocketIOReadStatus.InvalidPayload },
        { "21.5[\"a\"]", SocketIOReadStatus.InvalidPayload },
        { "2[\"connect\"]", SocketIOReadStatus.InvalidPayload },
        { "2[\"connect_error\"]", SocketIOReadStatus.InvalidPayload },
        { "2[\"disconnect\"]", SocketIOReadStatus.InvalidPayload },
        { "2[\"disconnecting\"]", SocketIOReadStatus.InvalidPayload },
        { "2[\"newListener\"]", SocketIOReadStatus.InvalidPayload },
        { "2[\"removeListener\"]", SocketIOReadStatus.InvalidPayload },
        { "2[\"dis\\u0063onnect\"]", SocketIOReadStatus.InvalidPayload },
        { "29007199254740992[\"a\"]", SocketIOReadStatus.InvalidAckId },
        { "200000000000000001[\"a\"]", SocketIOReadStatus.InvalidAckId },
        { "3[]", SocketIOReadStatus.InvalidAckId },
        { "3/admin,[]", SocketIOReadStatus.InvalidAckId },
        { "312", SocketIOReadStatus.InvalidPayload },
        { "312{}", SocketIOReadStatus.InvalidPayload },
        { "5[\"a\"]", SocketIOReadStatus.InvalidAttachmentCount },
        { "5-[\"a\"]", SocketIOReadStatus.InvalidAttachmentCount },
        { "51[\"a\"]", SocketIOReadStatus.InvalidAttachmentCount },
        { "51", SocketIOReadStatus.InvalidAttachmentCount },
        { "51.5-[\"a\"]", SocketIOReadStatus.InvalidAttachmentCount },
        { "5-1-[\"a\"]", SocketIOReadStatus.InvalidAttachmentCount },
        { "51234567890-[\"a\"]", SocketIOReadStatus.InvalidAttachmentCount },
        { "533-[\"a\"]", SocketIOReadStatus.TooManyAttachments },
        { "5999999999-[\"a\"]", SocketIOReadStatus.TooManyAttachments },
        { "51-[\"a\",{\"_placeholder\":true,\"num\":1}]", SocketIOReadStatus.InvalidPlaceholder },
        { "51-[\"a\",{\"_placeholder\":true,\"num\":-1}]", SocketIOReadStatus.InvalidPlaceholder },
        { "51-[\"a\",{\"_placeholder\":true,\"num\":0.5}]", SocketIOReadStatus.InvalidPlaceholder },
        { "51-[\"a\",{\"_placeholder\":true,\"num\":\"0\"}]", SocketIOReadStatus.InvalidPlaceholder },
        { "51-[\"a\",[[{\"b\":{\"_placeholder\":true}}]]]", SocketIOReadStatus.InvalidPlaceholder },
        { "61-1[{\"_placeholder\":true,\"num\":1}]", SocketIOReadStatus.InvalidPlaceholder },
        { "50-[\"a\",{\"_placeholder\":true,\"num\":0}]", SocketIOReadStatus.InvalidPlaceholder },
    };

    [Theory]
    [MemberData(nameof(Valid))]
    public void What_the_protocol_allows_is_read(string text) => Assert.Equal(SocketIOReadStatus.Ok, Read(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [MemberData(nameof(Invalid))]
    public void What_the_protocol_forbids_is_refused(string text, SocketIOReadStatus status) => Assert.Equal(status, Read(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void The_parts_of_a_packet_are_slices_of_its_text()
    {
        var text = "52-/admin,13[ \"b\\u0061z\" , {\"_placeholder\":true,\"num\":0} ,\"é\",{\"_placeholder\":true,\"num\":1} ] "u8;
        Assert.Equal(SocketIOReadStatus.Ok, SocketIOReader.Read(text, SocketIOLimits.Default, out var packet));
        Assert.Equal(SocketIOPacketType.BinaryEvent, packet.Type);
        Assert.Equal(2, packet.Attachments);
        Assert.Equal("/admin", Text(packet.Namespace, text));
        Assert.Equal(13, packet.AckId);
        Assert.Equal("\"b\\u0061z\"", Text(packet.Name, text));
        Assert.Equal("{\"_placeholder\":true,\"num\":0}", Text(packet.FirstArgument, text));
        Assert.Equal("{\"_placeholder\":true,\"num\":0} ,\"é\",{\"_placeholder\":true,\"num\":1}", Text(packet.Arguments, text));
        Assert.Equal(3, packet.ArgumentCount);
    }

    [Fact]
    public void A_query_belongs_to_the_namespace_only_where_it_is_joined()
    {
        var text = "0/custom?token=a?b&c=1,{\"x\":1}"u8;
        Assert.Equal(SocketIOReadStatus.Ok, SocketIOReader.Read(text, SocketIOLimits.Default, out var packet));
        Assert.Equal("/custom", Text(packet.Namespace, text));
        Assert.Equal("token=a?b&c=1", Text(packet.Query, text));
        Assert.Equal("{\"x\":1}", Text(packet.Payload, text));
        Assert.Equal(SocketIOReadStatus.Ok, SocketIOReader.Read("2/custom?a,[\"x\"]"u8, SocketIOLimits.Default, out packet));
        Assert.Equal("/custom?a", Text(packet.Namespace, "2/custom?a,[\"x\"]"u8));
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    [InlineData(100_000, false)]
    public void Json_may_nest_to_a_depth(int depth, bool valid)
    {
        var nested = depth - 1;
        foreach (var head in (string[])["2[\"a\",", "51-[\"a\","])
        {
            var text = Encoding.UTF8.GetBytes(head + new string('[', nested) + new string(']', nested) + "]");
            Assert.Equal(valid ? SocketIOReadStatus.Ok : SocketIOReadStatus.InvalidPayload, Read(text));
        }
    }

    [Theory]
    [InlineData(512, SocketIOReadStatus.Ok)]
    [InlineData(513, SocketIOReadStatus.InvalidNamespace)]
    [InlineData(1_000_000, SocketIOReadStatus.InvalidNamespace)]
    public void A_namespace_has_a_bounded_length(int length, SocketIOReadStatus status) =>
        Assert.Equal(status, Read(Encoding.UTF8.GetBytes("0/" + new string('n', length - 1))));

    [Theory]
    [MemberData(nameof(Valid))]
    public void A_packet_cut_anywhere_is_another_one_or_none(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var length = 0; length < bytes.Length; length++)
        {
            var status = Read(bytes.AsSpan(0, length));

            // Whoever asks for JSON never takes half of it.
            Assert.True(status != SocketIOReadStatus.Ok || bytes[0] is (byte)'0' or (byte)'1' || bytes.AsSpan(length).Trim(" "u8).IsEmpty);
        }
    }

    [Theory]
    [MemberData(nameof(Valid))]
    public void A_changed_packet_does_no_harm(string text)
    {
        var random = new Random(3);
        var original = Encoding.UTF8.GetBytes(text);
        var alphabet = "0123456-/,?[]{}\"_placeholder num:true\\"u8;
        for (var round = 0; round < 3000; round++)
        {
            var bytes = original.ToArray();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                bytes[random.Next(bytes.Length)] = random.Next(4) == 0 ? (byte)random.Next(256) : alphabet[random.Next(alphabet.Length)];
            }

            Read(bytes);
        }
    }

    [Fact]
    public void Random_bytes_do_no_harm()
    {
        var random = new Random(9);
        for (var round = 0; round < 50_000; round++)
        {
            var bytes = new byte[random.Next(64)];
            random.NextBytes(bytes);
            if (bytes.Length > 1)
            {
                bytes[0] = (byte)('0' + random.Next(7));
                bytes[1] = random.Next(2) == 0 ? (byte)'[' : bytes[1];
            }

            Read(bytes);
        }
    }

    [Fact]
    public void What_is_written_is_what_the_protocol_says()
    {
        Assert.Equal("40{\"sid\":\"abc\"}", Written(static output => SocketIOWriter.Connect(output, "/", "abc")));
        Assert.Equal("40/admin,{\"sid\":\"abc\"}", Written(static output => SocketIOWriter.Connect(output, "/admin", "abc")));
        Assert.Equal("44/nope,{\"message\":\"Invalid namespace\"}", Written(static output => SocketIOWriter.ConnectError(output, "/nope", "Invalid namespace")));
        Assert.Equal(
            "44{\"message\":\"a\\\"b\",\"data\":{\"code\":7}}", Written(static output => SocketIOWriter.ConnectError(output, "/", "a\"b", "{\"code\":7}"u8)));
        Assert.Equal("41", Written(static output => SocketIOWriter.Disconnect(output, "/")));
        Assert.Equal("41/admin,", Written(static output => SocketIOWriter.Disconnect(output, "/admin")));
        Assert.Equal("42[\"foo\"]", Written(static output => SocketIOWriter.Event(output, "/", "\"foo\""u8, default)));
        Assert.Equal("42/admin,13[\"foo\",1,{}]", Written(static output => SocketIOWriter.Event(output, "/admin", "\"foo\""u8, "1,{}"u8, 13)));
        Assert.Equal(
            "452-/admin,14[\"foo\",1]", Written(static output => SocketIOWriter.Event(output, "/admin", "\"foo\""u8, "1"u8, 14, attachments: 2)));
        Assert.Equal("4312[]", Written(static output => SocketIOWriter.Ack(output, "/", 12, default)));
        Assert.Equal("43/admin,13[\"bar\"]", Written(static output => SocketIOWriter.Ack(output, "/admin", 13, "\"bar\""u8)));
        Assert.Equal("461-/admin,15[1]", Written(static output => SocketIOWriter.Ack(output, "/admin", 15, "1"u8, attachments: 1)));
        Assert.Equal("42/é,[\"a\"]", Written(static output => SocketIOWriter.Event(output, "/é", "\"a\""u8, default)));
    }

    [Theory]
    [MemberData(nameof(Valid))]
    public void An_event_that_is_written_from_its_slices_is_the_event_that_was_read(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        _ = SocketIOReader.Read(bytes, SocketIOLimits.Default, out var packet);
        if (packet.Type is not (SocketIOPacketType.Event or SocketIOPacketType.BinaryEvent))
        {
            return;
        }

        var ns = packet.Namespace.IsEmpty ? "/" : Text(packet.Namespace, bytes);
        var output = new ArrayBufferWriter<byte>();
        SocketIOWriter.Event(output, ns, packet.Name.Of(bytes), packet.Arguments.Of(bytes), packet.AckId, packet.Attachments);
        Assert.Equal(SocketIOReadStatus.Ok, SocketIOReader.Read(output.WrittenSpan[1..], SocketIOLimits.Default, out var again));
        Assert.Equal(packet.ArgumentCount, again.ArgumentCount);
        Assert.Equal(packet.AckId, again.AckId);
        Assert.Equal(Text(packet.Name, bytes), Text(again.Name, output.WrittenSpan[1..]));
        Assert.Equal(Text(packet.Arguments, bytes), Text(again.Arguments, output.WrittenSpan[1..]));
    }

    private static string Written(Action<ArrayBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static string Text(TextSlice slice, ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(slice.Of(text));

    /// <summary>Reads a packet, and checks that what it says of its parts holds.</summary>
    private static SocketIOReadStatus Read(ReadOnlySpan<byte> text)
    {
        var status = SocketIOReader.Read(text, SocketIOLimits.Default, out var packet);
        if (status != SocketIOReadStatus.Ok)
        {
            Assert.Equal(default, packet);
            return status;
        }

        _ = packet.Query.Of(text);
        Assert.True(packet.Namespace.IsEmpty || packet.Namespace.Of(text)[0] == (byte)'/');
        if (packet.Type is SocketIOPacketType.Event or SocketIOPacketType.BinaryEvent or SocketIOPacketType.Ack or SocketIOPacketType.BinaryAck)
        {
            // What JSON's own parser makes of the same text is the oracle, as far as it can read it: it refuses ill-formed UTF-8.
            var arguments = packet.Arguments.Of(text);
            var list = new byte[arguments.Length + 2];
            list[0] = (byte)'[';
            arguments.CopyTo(list.AsSpan(1));
            list[^1] = (byte)']';
            using var parsed = JsonDocument.Parse(list);
            Assert.Equal(parsed.RootElement.GetArrayLength(), packet.ArgumentCount);
            Assert.Equal(packet.ArgumentCount == 0, packet.FirstArgument.IsEmpty);
        }

        return status;
    }
}
