using System.Text;
using PeerSync.Protocol.Rooms;
using static PeerSync.Tests.Protocol.Rooms.RoomsCalls;

namespace PeerSync.Tests.Protocol.Rooms;

public sealed class RoomsReaderTests
{
    [Theory]
    [InlineData("auth", RoomsFrameType.Auth, "ABCDE")]
    [InlineData("create-room", RoomsFrameType.CreateRoom, "ABCDE")]
    [InlineData("join-room", RoomsFrameType.JoinRoom, "ABCDE")]
    [InlineData("leave-room", RoomsFrameType.LeaveRoom, "ABCDE")]
    [InlineData("offer", RoomsFrameType.Offer, "A")]
    [InlineData("answer", RoomsFrameType.Answer, "A")]
    [InlineData("ice", RoomsFrameType.Candidate, "A")]
    [InlineData("sdp-offer", RoomsFrameType.Offer, "BE")]
    [InlineData("sdp-answer", RoomsFrameType.Answer, "BE")]
    [InlineData("ice-candidate", RoomsFrameType.Candidate, "BE")]
    [InlineData("webrtc-offer", RoomsFrameType.Offer, "C")]
    [InlineData("webrtc-answer", RoomsFrameType.Answer, "C")]
    [InlineData("webrtc-ice-candidate", RoomsFrameType.Candidate, "C")]
    [InlineData("chat", RoomsFrameType.Chat, "ABCDE")]
    [InlineData("sync", RoomsFrameType.Sync, "ABCDE")]
    [InlineData("heartbeat", RoomsFrameType.Heartbeat, "ABCDE")]
    [InlineData("ping", RoomsFrameType.Ping, "ABCDE")]
    [InlineData("operation", RoomsFrameType.Operation, "ABCDE")]
    [InlineData("operation-sync-request", RoomsFrameType.OperationSyncRequest, "ABCDE")]
    [InlineData("presence", RoomsFrameType.Presence, "ABCDE")]
    [InlineData("cursor", RoomsFrameType.Cursor, "D")]
    [InlineData("cursor-update", RoomsFrameType.Cursor, "BE")]
    public void A_type_is_known_exactly_as_it_stands_and_to_the_forms_that_spell_it_so(string name, RoomsFrameType expected, string forms)
    {
        var escaped = string.Concat(name.Select(static c => $"\\u{(int)c:x4}"));
        foreach (var spelling in new[] { name, escaped, $"\\u{(int)name[0]:X4}{name[1..]}" })
        {
            var frame = Frame($$"""{"data":{},"type":"{{spelling}}"}""");
            Assert.Equal(expected, frame.Type);
            for (var i = 0; i < Forms.Length; i++)
            {
                var letter = "ABCDE"[i];
                Assert.Equal(forms.Contains(letter, StringComparison.Ordinal) ? expected : RoomsFrameType.Unknown, frame.For(Forms[i]).Type);
            }
        }

        foreach (var other in new[] { name.ToUpperInvariant(), name + " ", " " + name, name[..^1], name + "x", name + "\\u0000" })
        {
            Assert.Equal(RoomsFrameType.Unknown, Frame($$"""{"type":"{{other}}"}""").Type);
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"type":7}""")]
    [InlineData("""{"type":null}""")]
    [InlineData("""{"type":["auth"]}""")]
    [InlineData("""{"Type":"auth"}""")]
    public void What_has_no_type_has_none(string json) => Assert.Equal(RoomsFrameType.None, Frame(json).Type);

    // Section 3 of the contract, row by row.
    [Theory]
    [InlineData("""{"from":"a"}""", RoomsForm.Lean)]
    [InlineData("""{"from":42,"type":"auth"}""", RoomsForm.Lean)]
    [InlineData("""{"from":""}""", RoomsForm.Lean)]
    [InlineData("""{"from":0}""", RoomsForm.Lean)]
    [InlineData("""{"from":"a","type":"auth","userId":"u","roomId":"r"}""", RoomsForm.Lean)]
    [InlineData("""{"from":"a","type":"join-room","userId":"u","roomId":"r","data":{"userId":"u","roomId":"r"}}""", RoomsForm.Lean)]
    [InlineData("""{"from":null,"type":"auth","userId":"u"}""", RoomsForm.Readme)]
    [InlineData("""{"from":{},"type":"auth","userId":"u"}""", RoomsForm.Readme)]
    [InlineData("""{"type":"auth","userId":"u"}""", RoomsForm.Readme)]
    [InlineData("""{"type":"auth","roomId":"r"}""", RoomsForm.Readme)]
    [InlineData("""{"type":"auth","userId":"u","roomId":"r","data":{"token":"t"}}""", RoomsForm.Readme)]
    [InlineData("""{"type":"auth","userId":"u","data":{"userId":"u","roomId":"r","token":"t"}}""", RoomsForm.Readme)]
    [InlineData("""{"type":"auth","data":{"userId":"u","roomId":"r","token":"t"}}""", RoomsForm.SyncService)]
    [InlineData("""{"type":"auth","data":{"userId":7,"token":"t"}}""", RoomsForm.SyncService)]
    [InlineData("""{"type":"auth","data":{"userId":"u","roomId":"r","token":null}}""", RoomsForm.Workbench)]
    [InlineData("""{"type":"auth","data":{"userId":"u","roomId":"r","token":""}}""", RoomsForm.Workbench)]
    [InlineData("""{"type":"auth","data":{"userId":"u"}}""", RoomsForm.Workbench)]
    [InlineData("""{"type":"auth","data":{"userId":"u","token":7}}""", RoomsForm.Undecided)]
    [InlineData("""{"type":"auth","data":{"userId":"","token":"t"}}""", RoomsForm.Undecided)]
    [InlineData("""{"type":"auth","data":{"roomId":"r","token":"t"}}""", RoomsForm.Undecided)]
    [InlineData("""{"type":"auth","data":"userId"}""", RoomsForm.Undecided)]
    [InlineData("""{"type":"auth"}""", RoomsForm.Undecided)]
    [InlineData("""{"type":"join-room","userId":"u","roomId":"r","data":{"userId":"u","roomId":"r"}}""", RoomsForm.Collaboration)]
    [InlineData("""{"type":"join-room","userId":"u","roomId":"r","data":{"userName":"U"}}""", RoomsForm.Undecided)]
    [InlineData("""{"type":"join-room","userId":"u","roomId":"r","data":{"userId":"u","roomId":"R"}}""", RoomsForm.Undecided)]
    [InlineData("""{"type":"join-room","userId":"u","roomId":"r","data":{"userId":"v","roomId":"r"}}""", RoomsForm.Undecided)]
    [InlineData("""{"type":"join-room","userId":"u","data":{"userId":"u","roomId":"r"}}""", RoomsForm.Undecided)]
    [InlineData("""{"type":"join-room","data":{"userId":"u","roomId":"r"}}""", RoomsForm.Undecided)]
    [InlineData("""{"type":"create-room","userId":"u","roomId":"r","data":{"userId":"u","roomId":"r"}}""", RoomsForm.Undecided)]
    [InlineData("""{"type":"heartbeat","userId":"u","roomId":"r"}""", RoomsForm.Undecided)]
    [InlineData("""{"data":{"from":"a"}}""", RoomsForm.Undecided)]
    [InlineData("{}", RoomsForm.Undecided)]
    public void The_first_frame_decides(string json, RoomsForm expected) => Assert.Equal(expected, RoomsReader.Decide(Frame(json)));

    [Theory]
    [InlineData("\"u\"", "u")]
    [InlineData("\"\\u0061\\ud83d\\ude00\"", "a😀")]
    [InlineData("\"a/b ?#\"", "a/b ?#")]
    [InlineData("42", "42")]
    [InlineData("-1.5", "-1.5")]
    [InlineData("1e3", "1000")]
    [InlineData("0", null)]
    [InlineData("1e400", null)]
    [InlineData("\"\"", null)]
    [InlineData("\"a\\u0000\"", null)]
    [InlineData("\"\\n\"", null)]
    [InlineData("\"\\ud800\"", "\uFFFD")]
    [InlineData("\"\\udc00\\ud800\"", "\uFFFD\uFFFD")]
    [InlineData("true", null)]
    [InlineData("null", null)]
    [InlineData("{\"a\":1}", null)]
    [InlineData("[\"u\"]", null)]
    public void A_name_is_a_valid_text_or_a_number(string value, string? expected)
    {
        var frame = Frame($$$"""{"roomId":{{{value}}},"userId":{{{value}}},"from":{{{value}}},"to":{{{value}}},"data":{"userId":{{{value}}},"roomId":{{{value}}},"to":{{{value}}}}}""");
        Assert.Equal(expected, frame.RoomId);
        Assert.Equal(expected, frame.UserId);
        Assert.Equal(expected, frame.From);
        Assert.Equal(expected, frame.GetTarget(new RecentNames()));
        Assert.Equal(expected, frame.Data.UserId);
        Assert.Equal(expected, frame.Data.RoomId);
        Assert.Equal(expected, frame.Data.GetTarget(new RecentNames()));
    }

    [Theory]
    [InlineData(127, 127)]
    [InlineData(128, 128)]
    [InlineData(129, null)]
    [InlineData(1_000_000, null)]
    public void A_name_has_128_units_at_most(int length, int? expected) =>
        Assert.Equal(expected, Frame($$"""{"roomId":"{{new string('r', length)}}"}""").RoomId?.Length);

    [Fact]
    public void A_label_is_cut_and_no_pair_is_split()
    {
        Assert.Equal(200, Frame($$$"""{"data":{"userName":"{{{new string('n', 5000)}}}"}}""").Data.UserName!.Length);
        Assert.Equal(199, Frame($$$"""{"data":{"roomName":"a{{{string.Concat(Enumerable.Repeat("😀", 150))}}}"}}""").Data.RoomName!.Length);
        Assert.Equal("N", Frame("""{"data":{"name":"N"}}""").Data.UserName);
        Assert.Equal("U", Frame("""{"data":{"name":"N","userName":"U"}}""").Data.UserName);
        Assert.Null(Frame("""{"data":{"userName":""}}""").Data.UserName);
        Assert.Null(Frame("""{"data":{"userName":7}}""").Data.UserName);
    }

    [Fact]
    public void The_target_is_the_first_that_is_named()
    {
        Assert.Equal("1", Frame("""{"to":"1","targetUserId":"2","data":{"to":"3","targetUserId":"4","peer":"5"}}""").GetTarget(new RecentNames()));
        Assert.Equal("2", Frame("""{"to":"","targetUserId":"2","data":{"to":"3","targetUserId":"4","peer":"5"}}""").GetTarget(new RecentNames()));
        Assert.Equal("3", Frame("""{"data":{"to":"3","targetUserId":"4","peer":"5"}}""").GetTarget(new RecentNames()));
        Assert.Equal("4", Frame("""{"data":{"targetUserId":"4","peer":"5"}}""").GetTarget(new RecentNames()));
        Assert.Equal("5", Frame("""{"data":{"peer":"5"}}""").GetTarget(new RecentNames()));
        Assert.Null(Frame("""{"data":"to"}""").GetTarget(new RecentNames()));
    }

    [Fact]
    public void Of_a_member_that_stands_twice_the_last_one_counts() =>
        Assert.Equal("b", Frame("""{"from":"a","from":"b","data":1,"data":{"userId":"x"}}""").From);

    [Theory]
    [InlineData("", RoomsFrameStatus.Invalid)]
    [InlineData(" ", RoomsFrameStatus.Invalid)]
    [InlineData("not json", RoomsFrameStatus.Invalid)]
    [InlineData("null", RoomsFrameStatus.Invalid)]
    [InlineData(" null ", RoomsFrameStatus.Invalid)]
    [InlineData("{", RoomsFrameStatus.Invalid)]
    [InlineData("{}{}", RoomsFrameStatus.Invalid)]
    [InlineData("{}]", RoomsFrameStatus.Invalid)]
    [InlineData("{\"a\":1,}", RoomsFrameStatus.Invalid)]
    [InlineData("{\"a\":1}//", RoomsFrameStatus.Invalid)]
    [InlineData("\uFEFF{}", RoomsFrameStatus.Invalid)]
    [InlineData("[] x", RoomsFrameStatus.Invalid)]
    [InlineData("[]", RoomsFrameStatus.NotAnObject)]
    [InlineData("[{\"from\":\"a\"}]", RoomsFrameStatus.NotAnObject)]
    [InlineData("\"x\"", RoomsFrameStatus.NotAnObject)]
    [InlineData("7", RoomsFrameStatus.NotAnObject)]
    [InlineData("true", RoomsFrameStatus.NotAnObject)]
    [InlineData(" {} ", RoomsFrameStatus.Ok)]
    public void Objects_are_told_from_other_values_and_from_no_json(string text, RoomsFrameStatus expected)
    {
        Assert.Equal(expected, RoomsReader.Read(Encoding.UTF8.GetBytes(text), out var frame));
        Assert.Equal(RoomsFrameType.None, frame.Type);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0xC3 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    public void Ill_formed_utf8_is_no_json(byte[] text) =>
        Assert.Equal(RoomsFrameStatus.Invalid, RoomsReader.Read([.. "{\"from\":\""u8, .. text, .. "\"}"u8], out _));
}
