using System.Text.Json.Nodes;
using PeerSync.Protocol.Rooms;
using static PeerSync.Tests.Protocol.Rooms.RoomsCalls;

namespace PeerSync.Tests.Protocol.Rooms;

public sealed class RoomsSignalTests
{
    public static TheoryData<RoomsForm, RoomsForm, RoomsFrameType> Pairs { get; } = [.. from source in Signaling from target in Signaling from type in Signals select (source, target, type)];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_signal_reaches_every_form_in_its_own_words(RoomsForm source, RoomsForm target, RoomsFrameType type)
    {
        var written = WriteSignal(source, Sent(source, type));
        var expected = source != target ? Expected(target, type)
            : source == RoomsForm.SyncService ? Sent(source, type).Replace("{\"to\"", "{\"from\":\"a\",\"to\"", StringComparison.Ordinal)
            : Expected(source, type);
        var received = source == target ? written : Translate(written, source, target);
        Assert.NotNull(received);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(received)), $"Expected {expected}, got {received}");
        Assert.Contains(TypeOf(received), KnownTo(target));
    }

    [Fact]
    public void Form_D_neither_gets_nor_sends_signals()
    {
        foreach (var form in Signaling)
        {
            foreach (var type in Signals)
            {
                Assert.Null(Translate(WriteSignal(form, Sent(form, type)), form, RoomsForm.Workbench));
                Assert.Null(Translate(Sent(form, type), RoomsForm.Workbench, form));
            }

            Assert.False(RoomsSignal.Meet(form, RoomsForm.Workbench));
            Assert.True(RoomsSignal.Meet(form, form));
        }

        Assert.True(RoomsSignal.Meet(RoomsForm.Workbench, RoomsForm.Workbench));
        Assert.False(RoomsSignal.Meet(RoomsForm.Undecided, RoomsForm.Lean));
        Assert.Throws<ArgumentOutOfRangeException>(() => WriteSignal(RoomsForm.Workbench, Sent(RoomsForm.Lean, RoomsFrameType.Offer)));
    }

    [Theory]
    [InlineData(RoomsForm.Lean, """{"type":"offer","roomId":"r","data":{}}""")]
    [InlineData(RoomsForm.Lean, """{"type":"offer","roomId":"r","data":"v=0"}""")]
    [InlineData(RoomsForm.Lean, """{"type":"offer","roomId":"r"}""")]
    [InlineData(RoomsForm.Lean, """{"type":"answer","roomId":"r","data":{"sdp":7}}""")]
    [InlineData(RoomsForm.Lean, """{"type":"ice","roomId":"r","data":{"candidate":null}}""")]
    [InlineData(RoomsForm.Lean, """{"type":"ice","roomId":"r","data":{"candidate":"text"}}""")]
    [InlineData(RoomsForm.Collaboration, """{"type":"sdp-offer","data":{"offer":{"sdp":"v"}}}""")]
    [InlineData(RoomsForm.Collaboration, """{"type":"ice-candidate","data":{"candidate":{}}}""")]
    [InlineData(RoomsForm.SyncService, """{"type":"webrtc-offer","data":{"to":"b","answer":{"sdp":"v"}}}""")]
    [InlineData(RoomsForm.SyncService, """{"type":"webrtc-ice-candidate","data":{"to":"b"}}""")]
    [InlineData(RoomsForm.Readme, """{"type":"sdp-offer","data":{"sdp":null}}""")]
    [InlineData(RoomsForm.Readme, """{"type":"sdp-answer","data":[]}""")]
    public void A_signal_without_what_others_need_stays_in_its_form(RoomsForm source, string sent)
    {
        var written = WriteSignal(source, sent);
        Assert.Contains(TypeOf(written), KnownTo(source));
        foreach (var target in Signaling.Where(target => target != source))
        {
            Assert.Null(Translate(written, source, target));
        }
    }

    [Theory]
    [InlineData("sdp-offer", """{"sdp":"v"}""", """{"offer":{"sdp":"v"}}""")]
    [InlineData("sdp-offer", """{"offer":{"type":"offer","sdp":"v"},"x":1}""", """{"offer":{"type":"offer","sdp":"v","offer":{"type":"offer","sdp":"v"},"x":1}}""")]
    [InlineData("sdp-offer", """{"offer":{"type":"offer"}}""", """{"offer":{"offer":{"type":"offer"}}}""")]
    [InlineData("sdp-offer", """{"answer":{"sdp":"v"}}""", """{"offer":{"answer":{"sdp":"v"}}}""")]
    [InlineData("sdp-answer", """{"answer":{"type":"answer","sdp":"v"}}""", """{"answer":{"type":"answer","sdp":"v","answer":{"type":"answer","sdp":"v"}}}""")]
    [InlineData("sdp-answer", "\"text\"", """{"answer":"text"}""")]
    [InlineData("ice-candidate", """{"candidate":{"candidate":"c"}}""", """{"candidate":{"candidate":{"candidate":"c"}}}""")]
    [InlineData("ice-candidate", "null", """{"candidate":null}""")]
    public void The_readme_form_nests_what_was_sent(string type, string data, string expected)
    {
        var written = WriteSignal(RoomsForm.Readme, $$"""{"type":"{{type}}","userId":"forged","roomId":"other","data":{{data}}}""");
        var frame = $$"""{"type":"{{type}}","roomId":"r","userId":"a","data":{{expected}},"timestamp":5}""";
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(frame), JsonNode.Parse(written)), written);
    }

    [Theory]
    [InlineData("""{"candidate":{"candidate":{"candidate":"c"}}}""")]
    [InlineData("""{"candidate":{"candidate":"c"}}""")]
    public void A_candidate_that_the_guide_nests_is_found(string data)
    {
        var translated = Translate($$"""{"type":"ice-candidate","roomId":"r","userId":"a","data":{{data}}}""", RoomsForm.Readme, RoomsForm.Lean);
        Assert.Equal("""{"type":"ice","roomId":"r","from":"a","to":"b","data":{"candidate":{"candidate":"c"}}}""", translated);
    }

    [Fact]
    public void The_sender_is_the_one_that_the_server_knows()
    {
        Assert.Equal(
            """{"type":"offer","roomId":"r","from":"a","data":{}}""",
            WriteSignal(RoomsForm.Lean, """{"type":"offer","roomId":"other","from":"forged","to":"b"}""", to: null));
        Assert.Equal(
            """{"type":"webrtc-offer","data":{"from":"a","to":"b"}}""",
            WriteSignal(RoomsForm.SyncService, """{"type":"webrtc-offer","data":{"from":"forged","to":"b","\u0066rom":"forged again"}}"""));
        Assert.Equal(
            """{"type":"sdp-offer","roomId":"r","userId":"a","data":{"sdp":"v"},"timestamp":5}""",
            WriteSignal(RoomsForm.Collaboration, """{"type":"sdp-offer","roomId":"other","userId":"forged","data":{"sdp":"v"}}"""));
    }

    [Theory]
    [InlineData("sdp-offer", """{"sdp":"v=0\r\na=ice-ufrag:AbC+/\r\na=x\r\n"}""", "AbC+/")]
    [InlineData("sdp-answer", """{"sdp":"a=ice-ufrag:Z"}""", "Z")]
    [InlineData("sdp-answer", """{"sdp":"a=ice-pwd:Z"}""", null)]
    [InlineData("sdp-answer", """{"sdp":7}""", null)]
    [InlineData("ice-candidate", """{"candidate":"candidate:1 1 udp 1 10.0.0.1 9 typ host generation 0 ufrag Q1 network-id 1"}""", "Q1")]
    [InlineData("ice-candidate", """{"candidate":"candidate:1 ufrag Q1"}""", "Q1")]
    [InlineData("ice-candidate", """{"candidate":"candidate:1"}""", null)]
    [InlineData("ice-candidate", """{"candidate":{"candidate":"x ufrag Q1"}}""", null)]
    [InlineData("ice-candidate", "null", null)]
    public void An_exchange_is_known_by_its_fragment(string type, string data, string? expected) =>
        Assert.Equal(expected, RoomsSignal.FragmentOf(Frame($$"""{"type":"{{type}}","data":{{data}}}""")));
}
