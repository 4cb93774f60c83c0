using System.Buffers;
using System.Text;
using System.Text.Json;
using PeerSync.Protocol.Rooms;
using PeerSync.Tests.TestKit;
using static PeerSync.Tests.Protocol.Rooms.RoomsCalls;

namespace PeerSync.Tests.Protocol.Rooms;

public sealed class RoomsRobustnessTests
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 100_000 };

    public static TheoryData<string> Messages { get; } =
    [
        .. Signaling.SelectMany(static form => Signals.Select(type => Sent(form, type))).Distinct(),
        """{"type":"auth","roomId":"doc-123","from":"user-a1b2c3d","data":{"name":"Alice é\ud83d\ude00\ud800","roomName":"doc-123"},"x":[1,2.5e-3,null,true]}""",
        """{"type":"auth","data":{"token":"eyJ.a.b","userId":"u1","roomId":"room-1"}}""",
        """{"type":"join-room","roomId":"r","userId":"u","data":{"roomId":"r","userId":"u","userName":"U"},"timestamp":1}""",
        """{"type":"operation","roomId":"A","operationId":"op1","userId":"a","userName":"Ann","data":"{\"type\":\"insert\"}","version":1}""",
        """{"type":"operation-sync-request","sessionId":"r","data":{"type":"insert","position":0,"content":"x","userId":"u","version":0}}""",
        """{"type":"sdp-answer","userId":"b","roomId":"r","data":{"answer":{"type":"answer","sdp":"v=0"}}}""",
        """{"type":"cursor-update","userId":"b","roomId":"r","data":{"line":1}}""",
    ];

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_truncated_message_is_no_json(string message)
    {
        var json = Encoding.UTF8.GetBytes(message);
        Assert.Equal(RoomsFrameStatus.Ok, Exercise(json));
        for (var length = 0; length < json.Length; length++)
        {
            Assert.Equal(RoomsFrameStatus.Invalid, Exercise(json.AsSpan(0, length)));
        }
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_changed_message_does_no_harm(string message)
    {
        foreach (var json in Mutations.Changed(message, 1000))
        {
            Exercise(json);
        }
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_with_a_part_left_out_or_doubled_does_no_harm(string message)
    {
        foreach (var json in Mutations.LeftOutOrDoubled(message, 500))
        {
            Exercise(json);
        }
    }

    [Fact]
    public void Random_bytes_do_no_harm()
    {
        foreach (var json in Mutations.Noise(20_000))
        {
            Exercise(json);
        }
    }

    [Fact]
    public void Members_of_any_kind_do_no_harm()
    {
        string[] values = ["null", "true", "0", "-1e9", "\"\"", "\"x\"", "\"\\ud800\"", "[]", "[{}]", "{}", "{\"sdp\":1}", "{\"sdp\":\"v\"}", "{\"candidate\":{}}", "{\"candidate\":\"c\"}"];
        string[] names = ["from", "to", "roomId", "userId", "data"];
        string[] members = ["sdp", "offer", "answer", "candidate", "userId", "token", "version", "content", "to"];
        foreach (var type in KnownTypes())
        {
            foreach (var value in values)
            {
                foreach (var name in names)
                {
                    Assert.Equal(RoomsFrameStatus.Ok, Exercise(Encoding.UTF8.GetBytes($$"""{"type":"{{type}}","{{name}}":{{value}}}""")));
                }

                foreach (var name in members)
                {
                    Assert.Equal(RoomsFrameStatus.Ok, Exercise(Encoding.UTF8.GetBytes($$$"""{"type":"{{{type}}}","data":{"{{{name}}}":{{{value}}}}}""")));
                }
            }
        }

        static IEnumerable<string> KnownTypes() => Forms.SelectMany(KnownTo).Append("operation-sync-request").Append("ping").Distinct();
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    public void A_depth_of_more_levels_than_the_stack_has_bytes_is_read(string open, string close)
    {
        const int depth = 200_000;
        var content = new StringBuilder().Insert(0, open, depth).Append('1').Insert((open.Length * depth) + 1, close, depth);
        var bytes = Encoding.UTF8.GetBytes($$$"""{"type":"sdp-offer","userId":"u","roomId":"r","data":{"offer":{{{content}}}}}""");
        var statuses = new RoomsFrameStatus[2];
        var thread = new Thread(
            () =>
            {
                statuses[0] = RoomsReader.Read(bytes, out var frame);
                RoomsSignal.Write(new ArrayBufferWriter<byte>(), RoomsForm.Readme, frame, "r", "u", null, Now);
                statuses[1] = RoomsReader.Read(bytes.AsSpan(0, bytes.Length / 2), out _);
            },
            maxStackSize: 128 * 1024);
        thread.Start();
        Assert.True(thread.Join(TimeSpan.FromSeconds(10)), "a message of 200,000 levels was not read in ten seconds");
        Assert.Equal([RoomsFrameStatus.Ok, RoomsFrameStatus.Invalid], statuses);
    }

    [Fact]
    public void Oversized_members_are_refused_or_cut()
    {
        var huge = new string('x', 4_000_000);
        var frame = Frame($$$"""{"type":"auth","from":"{{{huge}}}","roomId":"{{{huge}}}","data":{"name":"{{{huge}}}","roomName":"{{{huge}}}","token":"{{{huge}}}","to":"{{{huge}}}"}}""");
        Assert.Null(frame.From);
        Assert.Null(frame.RoomId);
        Assert.Null(frame.GetTarget(new RecentNames()));
        Assert.Equal(RoomsText.MaxLabelLength, frame.Data.UserName!.Length);
        Assert.Equal(RoomsText.MaxLabelLength, frame.Data.RoomName!.Length);
    }

    [Fact]
    public async Task Four_mebibytes_of_opening_brackets_are_refused_in_linear_time()
    {
        var bytes = new byte[4 * 1024 * 1024];
        bytes.AsSpan().Fill((byte)'[');
        Assert.Equal(RoomsFrameStatus.Invalid, await Task.Run(() => RoomsReader.Read(bytes, out _)).WaitAsync(TimeSpan.FromSeconds(10)));
    }

    // Everything that the server does with a frame; what it writes is JSON of a type that its receiver knows, whatever the frame holds.
    private static RoomsFrameStatus Exercise(ReadOnlySpan<byte> json)
    {
        var status = RoomsReader.Read(json, out var frame);
        if (status != RoomsFrameStatus.Ok)
        {
            Assert.Equal(RoomsFrameType.None, frame.Type);
            return status;
        }

        RoomsReader.Decide(frame);
        _ = (frame.From, frame.RoomId, frame.UserId, frame.GetTarget(new RecentNames()), frame.Data.Token, frame.Data.Content, frame.Data.Version, frame.Data.FileId, frame.Data.Host);
        new CollaborationRouting().Route(frame);
        foreach (var form in Forms)
        {
            var own = frame.For(form);
            if (RoomsSignal.IsSignal(own.Type) && form != RoomsForm.Workbench)
            {
                Signal(form, own);
            }
            else if (RoomsRelay.Knows(form, own.Type))
            {
                var output = new ArrayBufferWriter<byte>();
                RoomsRelay.Write(output, form, own, "r", "u");
                Check(output, form);
            }

            if (own.Type is RoomsFrameType.Operation or RoomsFrameType.OperationSyncRequest && form is RoomsForm.Workbench or RoomsForm.SyncService)
            {
                var output = new ArrayBufferWriter<byte>();
                RoomsRelay.WriteOperation(output, form, json, "r", "u", 1);
                if (own.Type == RoomsFrameType.Operation || form == RoomsForm.SyncService)
                {
                    Check(output, form);
                }

                output.ResetWrittenCount();
                RoomsRelay.WriteAcknowledgement(output, form, json, "u", 1);
                Check(output, form);
            }
        }

        return status;
    }

    private static void Signal(RoomsForm form, scoped in RoomsFrame frame)
    {
        var written = new ArrayBufferWriter<byte>();
        RoomsSignal.Write(written, form, frame, "r", "u", "t", Now);
        Check(written, form);
        foreach (var target in Forms)
        {
            var output = new ArrayBufferWriter<byte>();
            if (target != form && RoomsSignal.TryTranslate(output, written.WrittenSpan, form, target, "r", "u", "t", Now))
            {
                Check(output, target);
            }
            else
            {
                Assert.Equal(0, output.WrittenCount);
            }
        }
    }

    private static void Check(ArrayBufferWriter<byte> output, RoomsForm receiver)
    {
        using var document = JsonDocument.Parse(output.WrittenMemory, Deep);
        Assert.Contains(document.RootElement.GetProperty("type").GetString()!, KnownTo(receiver));
    }
}
