using System.Text;
using PeerSync.Protocol.Rooms;
using static PeerSync.Tests.Protocol.Rooms.RoomsCalls;

namespace PeerSync.Tests.Protocol.Rooms;

public sealed class RoomsWriterTests
{
    private static readonly RoomPeer Alice = new("a", "Alice \"é\"", true, 1, 2, RoomsForm.Lean);
    private static readonly RoomPeer Nameless = new("b-123456789", null, false, 3, 4, RoomsForm.Lean);
    private static readonly RoomMetadata Room = new("r", "Room", "a", "Alice", null, null, null, "active", 10, 11, [Alice, Nameless]);

    [Theory]
    [InlineData(RoomsForm.Lean, """{"type":"peerJoined","roomId":"r","peerId":"b-123456789","peerName":"peer-b-123456"}""")]
    [InlineData(RoomsForm.Collaboration, """{"type":"peer-joined","roomId":"r","userId":"b-123456789","data":{"peer":{"userId":"b-123456789"}},"timestamp":5}""")]
    [InlineData(RoomsForm.Readme, """{"type":"peer-joined","roomId":"r","userId":"b-123456789","data":{"peer":{"userId":"b-123456789"}},"timestamp":5}""")]
    [InlineData(RoomsForm.SyncService, """{"type":"user-joined","data":{"userId":"b-123456789","userName":""}}""")]
    [InlineData(RoomsForm.Workbench, """{"type":"user_joined","data":{"userId":"b-123456789","userName":""}}""")]
    public void A_coming_is_told_in_each_form(RoomsForm form, string expected) =>
        Assert.Equal(expected, Written(o => Assert.True(RoomsWriter.PeerJoined(o, form, "r", "b-123456789", null, Now))));

    [Theory]
    [InlineData(RoomsForm.Lean, """{"type":"peerLeft","roomId":"r","peerId":"a"}""")]
    [InlineData(RoomsForm.Collaboration, """{"type":"peer-left","roomId":"r","userId":"a","timestamp":5}""")]
    [InlineData(RoomsForm.Readme, """{"type":"peer-left","roomId":"r","userId":"a","timestamp":5}""")]
    [InlineData(RoomsForm.SyncService, """{"type":"user-left","data":{"userId":"a"}}""")]
    [InlineData(RoomsForm.Workbench, """{"type":"user_left","data":{"userId":"a"}}""")]
    public void A_leaving_is_told_in_each_form(RoomsForm form, string expected) =>
        Assert.Equal(expected, Written(o => Assert.True(RoomsWriter.PeerLeft(o, form, "r", "a", Now))));

    [Theory]
    [InlineData(RoomsForm.Lean, false, """{"type":"peerList","roomId":"r","peers":[{"id":"a","name":"Alice \"é\""}]}""")]
    [InlineData(RoomsForm.SyncService, false, """{"type":"sync","data":{"content":"","version":0,"sessionId":"r"}}""")]
    [InlineData(RoomsForm.Workbench, true, """{"type":"room-joined","data":{"roomId":"r","userId":"b-123456789","userName":""}}""")]
    public void An_entry_is_answered_in_each_form(RoomsForm form, bool created, string expected) => Assert.Equal(expected, Entry(form, created));

    [Theory]
    [InlineData(RoomsForm.Readme, true, "room-created")]
    [InlineData(RoomsForm.Readme, false, "room-joined")]
    [InlineData(RoomsForm.Collaboration, true, "room-joined")]
    [InlineData(RoomsForm.Collaboration, false, "room-joined")]
    public void An_entry_is_answered_with_the_room(RoomsForm form, bool created, string type) => Assert.Equal(
        $$$"""
        {"type":"{{{type}}}","roomId":"r","userId":"b-123456789","data":{"room":{"roomId":"r","roomName":"Room","hostId":"a","hostName":"Alice","peerCount":2,"state":"active","createdAt":10,"lastActivity":11,"peers":[{"userId":"a","userName":"Alice \"é\"","isHost":true,"connectedAt":1,"lastHeartbeat":2},{"userId":"b-123456789","isHost":false,"connectedAt":3,"lastHeartbeat":4}]}},"timestamp":5}
        """,
        Entry(form, created));

    [Fact]
    public void A_document_is_shown_where_there_is_one()
    {
        var room = Room with { FileId = "f", Content = "c", Version = 3, Peers = [] };
        Assert.Equal(
            """{"roomId":"r","roomName":"Room","hostId":"a","hostName":"Alice","fileId":"f","content":"c","version":3,"peerCount":0,"state":"active","createdAt":10,"lastActivity":11,"peers":[]}""",
            Written(o => RoomsWriter.Metadata(o, room)));
        Assert.Equal(
            """{"type":"sync","data":{"content":"c","version":3,"sessionId":"r"}}""", Written(o => RoomsWriter.Joined(o, RoomsForm.SyncService, room, Alice, false, Now)));
    }

    [Fact]
    public void Authentications_are_answered_in_the_forms_that_have_them()
    {
        const string answer = """{"type":"auth","roomId":"r","userId":"a","data":{"status":"authenticated","message":"User properly connected to authorized room"},"timestamp":5}""";
        Assert.Equal(answer, Written(o => Assert.True(RoomsWriter.Authenticated(o, RoomsForm.Readme, "r", "a", Now))));
        Assert.Equal(answer, Written(o => Assert.True(RoomsWriter.Authenticated(o, RoomsForm.SyncService, "r", "a", Now))));
        Assert.Equal("""{"type":"auth-success","data":{"userId":"a"}}""", Written(o => Assert.True(RoomsWriter.Authenticated(o, RoomsForm.Workbench, "r", "a", Now))));
        Assert.Empty(Written(o => Assert.False(RoomsWriter.Authenticated(o, RoomsForm.Lean, "r", "a", Now))));
        Assert.Empty(Written(o => Assert.False(RoomsWriter.Authenticated(o, RoomsForm.Collaboration, "r", "a", Now))));
    }

    [Fact]
    public void No_form_gets_a_type_that_it_does_not_know()
    {
        foreach (var form in Forms)
        {
            foreach (var created in (bool[])[false, true])
            {
                Assert.Contains(TypeOf(Entry(form, created)), KnownTo(form));
            }

            Assert.Contains(TypeOf(Written(o => RoomsWriter.PeerJoined(o, form, "r", "a", "A", Now))), KnownTo(form));
            Assert.Contains(TypeOf(Written(o => RoomsWriter.PeerLeft(o, form, "r", "a", Now))), KnownTo(form));
            var authenticated = Written(o => RoomsWriter.Authenticated(o, form, "r", "a", Now));
            Assert.True(authenticated.Length == 0 || KnownTo(form).Contains(TypeOf(authenticated)));
            Assert.Contains(TypeOf(Written(o => RoomsWriter.Error(o, RoomsError.Internal, Now))), KnownTo(form));
        }

        Assert.Empty(Written(o => Assert.False(RoomsWriter.PeerJoined(o, RoomsForm.Undecided, "r", "a", "A", Now))));
        Assert.Empty(Written(o => Assert.False(RoomsWriter.PeerLeft(o, RoomsForm.Undecided, "r", "a", Now))));
        Assert.Empty(Written(o => Assert.False(RoomsWriter.Joined(o, RoomsForm.Undecided, Room, Alice, false, Now))));
    }

    [Fact]
    public void The_rest_is_written_as_specified()
    {
        Assert.Equal(
            """{"type":"error","roomId":"","userId":"","data":{"error":"Not authenticated","message":"Not authenticated","code":"NOT_AUTHENTICATED"},"timestamp":5}""",
            Written(o => RoomsWriter.Error(o, RoomsError.NotAuthenticated, Now)));
        Assert.Equal(
            """{"type":"auth-error","data":{"message":"Token expired","code":"TOKEN_EXPIRED"}}""", Written(o => RoomsWriter.AuthError(o, RoomsError.TokenExpired)));
        Assert.Equal("""{"type":"heartbeat","roomId":"r","userId":"a","timestamp":5}""", Written(o => RoomsWriter.Heartbeat(o, "r", "a", Now)));
        Assert.Equal("""{"type":"pong","timestamp":5}""", Written(o => RoomsWriter.Pong(o, Now)));
        Assert.Equal("""{"type":"ack","data":{"operationId":"o","version":7}}""", Written(o => RoomsWriter.OperationAcknowledged(o, "o", 7)));
        Assert.Equal("peer-12345678", RoomsWriter.LeanName("123456789", null));
        Assert.Equal("peer-1", RoomsWriter.LeanName("1", null));
        Assert.Equal("N", RoomsWriter.LeanName("1", "N"));
    }

    [Theory]
    [InlineData(RoomsForm.Lean, """{"type":"chat","roomId":"x","from":"x","data":{"text":"hi"},"z":[1]}""", """{"from":"a","roomId":"r","type":"chat","data":{"text":"hi"},"z":[1]}""")]
    [InlineData(RoomsForm.Lean, """{"\u0066rom":"x","type":"sync"}""", """{"from":"a","roomId":"r","type":"sync"}""")]
    [InlineData(RoomsForm.SyncService, """{"type":"presence","data":{"userId":"x","cursorPosition":3}}""", """{"type":"presence","data":{"userId":"a","cursorPosition":3}}""")]
    [InlineData(RoomsForm.SyncService, """{"type":"presence"}""", """{"type":"presence","data":{"userId":"a"}}""")]
    [InlineData(RoomsForm.Workbench, """{"type":"cursor","userId":"x","line":1}""", """{"userId":"a","roomId":"r","type":"cursor","line":1}""")]
    [InlineData(RoomsForm.Readme, """{"type":"presence","data":{"userId":"x"}}""", """{"userId":"a","roomId":"r","type":"presence","data":{"userId":"x"}}""")]
    public void A_relayed_frame_has_the_identity_that_the_server_knows(RoomsForm form, string sent, string expected)
    {
        var frame = Frame(sent);
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        RoomsRelay.Write(output, form, frame, "r", "a");
        Assert.Equal(expected, Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void Operations_get_the_version_of_their_room()
    {
        var workbench = """{"type":"operation","operationId":"o","userId":"x","data":"{}","version":0,"timestamp":1}"""u8.ToArray();
        Assert.Equal(
            """{"userId":"a","roomId":"r","version":7,"type":"operation","operationId":"o","data":"{}","timestamp":1}""",
            Written(o => RoomsRelay.WriteOperation(o, RoomsForm.Workbench, workbench, "r", "a", 7)));
        Assert.Equal(
            """{"type":"ack","data":{"operationId":"o","version":7}}""", Written(o => RoomsRelay.WriteAcknowledgement(o, RoomsForm.Workbench, workbench, "a", 7)));
        var sync = """{"type":"operation-sync-request","data":{"type":"insert","position":0,"userId":"x","version":0}}"""u8.ToArray();
        Assert.Equal(
            """{"type":"operation","data":{"userId":"a","version":7,"type":"insert","position":0}}""",
            Written(o => RoomsRelay.WriteOperation(o, RoomsForm.SyncService, sync, "r", "a", 7)));
        Assert.Equal(
            """{"type":"ack","data":{"userId":"a","version":7,"type":"insert","position":0}}""",
            Written(o => RoomsRelay.WriteAcknowledgement(o, RoomsForm.SyncService, sync, "a", 7)));
        Assert.Equal(
            """{"type":"operation","roomId":"r","operationId":"o","userId":"a","userName":"A","data":"{}","version":7,"timestamp":5}""",
            Written(o => RoomsRelay.WriteOperation(o, "r", "o", "a", "A", "{}", 7, Now)));
    }

    [Fact]
    public void Each_form_relays_what_its_clients_know()
    {
        (RoomsForm, RoomsFrameType)[] known =
        [
            (RoomsForm.Lean, RoomsFrameType.Chat), (RoomsForm.Lean, RoomsFrameType.Sync), (RoomsForm.SyncService, RoomsFrameType.Presence),
            (RoomsForm.Workbench, RoomsFrameType.Cursor), (RoomsForm.Readme, RoomsFrameType.Operation), (RoomsForm.Readme, RoomsFrameType.Presence),
            (RoomsForm.Readme, RoomsFrameType.Cursor),
        ];
        Assert.Equal(
            known.Order(),
            (from form in Enum.GetValues<RoomsForm>() from type in Enum.GetValues<RoomsFrameType>() where RoomsRelay.Knows(form, type) select (form, type)).Order());
        Assert.Equal([RoomsForm.Lean], Enum.GetValues<RoomsForm>().Where(RoomsRelay.Echoes));
    }

    private static string Entry(RoomsForm form, bool created) => Written(o => Assert.True(RoomsWriter.Joined(o, form, Room, Nameless, created, Now)));
}
