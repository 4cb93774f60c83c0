using System.Text.Json;
using System.Text.Unicode;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.Rooms;

/// <summary>Reads what the clients of the Rooms feature send, in any of its forms (docs/spec/rooms.md).</summary>
/// <remarks>Pure functions over the bytes given, safe on any thread. Nothing a client sends makes them throw. Of equal members the last one counts.</remarks>
public static class RoomsReader
{
    // The longest known one is operation-sync-request; one more tells a longer one apart.
    private const int MaxTypeLength = 23;

    /// <summary>Checks a frame's syntax as a whole and finds its members. Takes time linear in its length and allocates nothing up to a depth of 64.</summary>
    /// <param name="json">One message, from a text or a binary frame.</param>
    /// <param name="frame">The frame when the result is <see cref="RoomsFrameStatus.Ok"/>, else the default value.</param>
    public static RoomsFrameStatus Read(ReadOnlySpan<byte> json, out RoomsFrame frame)
    {
        frame = default;
        if (!Utf8.IsValid(json))
        {
            return RoomsFrameStatus.Invalid;
        }

        var reader = new Utf8JsonReader(json, JsonSyntax.Options);
        try
        {
            reader.Read();
            var status = reader.TokenType switch
            {
                JsonTokenType.StartObject => RoomsFrameStatus.Ok,
                JsonTokenType.Null => RoomsFrameStatus.Invalid,
                _ => RoomsFrameStatus.NotAnObject,
            };
            if (status == RoomsFrameStatus.Ok)
            {
                frame = ReadObject(ref reader, json);
            }
            else
            {
                reader.Skip();
            }

            // Anything but white space behind the value throws.
            reader.Read();
            return status;
        }
        catch (JsonException)
        {
            frame = default;
            return RoomsFrameStatus.Invalid;
        }
    }

    /// <summary>The form that a connection's frame decides for (Rooms contract, section 3).</summary>
    public static RoomsForm Decide(scoped in RoomsFrame frame)
    {
        if (frame.HasFrom)
        {
            return RoomsForm.Lean;
        }

        if (frame.Type == RoomsFrameType.Auth)
        {
            return frame.HasUserId || frame.HasRoomId ? RoomsForm.Readme
                : !frame.Data.UserIdValue.IsTruthy ? RoomsForm.Undecided
                : frame.Data.TokenValue.IsString && frame.Data.HasToken ? RoomsForm.SyncService
                : frame.Data.HasToken ? RoomsForm.Undecided
                : RoomsForm.Workbench;
        }

        return frame.Type == RoomsFrameType.JoinRoom && IsRepeated(frame.UserId, frame.Data.UserId) && IsRepeated(frame.RoomId, frame.Data.RoomId)
            ? RoomsForm.Collaboration
            : RoomsForm.Undecided;
    }

    /// <summary>Reads the members of an object that a frame or one of its members is.</summary>
    internal static RoomsData ReadData(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, JsonSyntax.Options);
        return ReadData(JsonValue.Read(ref reader, json));
    }

    private static bool IsRepeated(string? name, string? again) => name is not null && name == again;

    private static RoomsFrame ReadObject(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        JsonValue type = default, roomId = default, userId = default, from = default, to = default, target = default, data = default;
        while (JsonName.TryRead(ref reader, out var name))
        {
            var value = JsonValue.Read(ref reader, json);
            if (name.Is("type"u8))
            {
                type = value;
            }
            else if (name.Is("roomId"u8))
            {
                roomId = value;
            }
            else if (name.Is("userId"u8))
            {
                userId = value;
            }
            else if (name.Is("from"u8))
            {
                from = value;
            }
            else if (name.Is("to"u8))
            {
                to = value;
            }
            else if (name.Is("targetUserId"u8))
            {
                target = value;
            }
            else if (name.Is("data"u8))
            {
                data = value;
            }
        }

        return new RoomsFrame(Parse(type), json, roomId, userId, from, to, target, ReadData(data));
    }

    private static RoomsData ReadData(JsonValue data)
    {
        if (data.Type != JsonTokenType.StartObject)
        {
            return new RoomsData(data);
        }

        JsonValue userId = default, roomId = default, token = default, userName = default, name = default, roomName = default, fileId = default;
        JsonValue host = default, content = default, version = default, to = default, target = default, peer = default;
        JsonValue sdp = default, offer = default, answer = default, candidate = default;
        var json = data.Text;
        var reader = new Utf8JsonReader(json, JsonSyntax.Options);
        reader.Read();
        while (JsonName.TryRead(ref reader, out var member))
        {
            var value = JsonValue.Read(ref reader, json);
            Slot(member, value, "userId"u8, ref userId);
            Slot(member, value, "roomId"u8, ref roomId);
            Slot(member, value, "token"u8, ref token);
            Slot(member, value, "userName"u8, ref userName);
            Slot(member, value, "name"u8, ref name);
            Slot(member, value, "roomName"u8, ref roomName);
            Slot(member, value, "fileId"u8, ref fileId);
            Slot(member, value, "host"u8, ref host);
            Slot(member, value, "content"u8, ref content);
            Slot(member, value, "version"u8, ref version);
            Slot(member, value, "to"u8, ref to);
            Slot(member, value, "targetUserId"u8, ref target);
            Slot(member, value, "peer"u8, ref peer);
            Slot(member, value, "sdp"u8, ref sdp);
            Slot(member, value, "offer"u8, ref offer);
            Slot(member, value, "answer"u8, ref answer);
            Slot(member, value, "candidate"u8, ref candidate);
        }

        return new RoomsData(data)
        {
            UserIdValue = userId,
            RoomIdValue = roomId,
            TokenValue = token,
            UserNameValue = userName,
            NameValue = name,
            RoomNameValue = roomName,
            FileIdValue = fileId,
            HostValue = host,
            ContentValue = content,
            VersionValue = version,
            ToValue = to,
            TargetValue = target,
            PeerValue = peer,
            SdpValue = sdp,
            OfferValue = offer,
            AnswerValue = answer,
            CandidateValue = candidate,
        };
    }

    private static void Slot(JsonName member, JsonValue value, ReadOnlySpan<byte> name, ref JsonValue slot)
    {
        if (member.Is(name))
        {
            slot = value;
        }
    }

    // The type, and the form in whose words it is where the forms have words of their own.
    private static (RoomsFrameType Type, RoomsForm Spelling) Parse(JsonValue type)
    {
        Span<byte> decoded = stackalloc byte[MaxTypeLength];
        return !type.IsString ? (RoomsFrameType.None, RoomsForm.Undecided) : type.GetAscii(decoded) switch
        {
            var name when name.SequenceEqual("offer"u8) => (RoomsFrameType.Offer, RoomsForm.Lean),
            var name when name.SequenceEqual("answer"u8) => (RoomsFrameType.Answer, RoomsForm.Lean),
            var name when name.SequenceEqual("ice"u8) => (RoomsFrameType.Candidate, RoomsForm.Lean),
            var name when name.SequenceEqual("sdp-offer"u8) => (RoomsFrameType.Offer, RoomsForm.Readme),
            var name when name.SequenceEqual("sdp-answer"u8) => (RoomsFrameType.Answer, RoomsForm.Readme),
            var name when name.SequenceEqual("ice-candidate"u8) => (RoomsFrameType.Candidate, RoomsForm.Readme),
            var name when name.SequenceEqual("webrtc-offer"u8) => (RoomsFrameType.Offer, RoomsForm.SyncService),
            var name when name.SequenceEqual("webrtc-answer"u8) => (RoomsFrameType.Answer, RoomsForm.SyncService),
            var name when name.SequenceEqual("webrtc-ice-candidate"u8) => (RoomsFrameType.Candidate, RoomsForm.SyncService),
            var name when name.SequenceEqual("cursor"u8) => (RoomsFrameType.Cursor, RoomsForm.Workbench),
            var name when name.SequenceEqual("cursor-update"u8) => (RoomsFrameType.Cursor, RoomsForm.Readme),
            var name when name.SequenceEqual("chat"u8) => (RoomsFrameType.Chat, RoomsForm.Undecided),
            var name when name.SequenceEqual("sync"u8) => (RoomsFrameType.Sync, RoomsForm.Undecided),
            var name when name.SequenceEqual("presence"u8) => (RoomsFrameType.Presence, RoomsForm.Undecided),
            var name when name.SequenceEqual("operation"u8) => (RoomsFrameType.Operation, RoomsForm.Undecided),
            var name when name.SequenceEqual("operation-sync-request"u8) => (RoomsFrameType.OperationSyncRequest, RoomsForm.Undecided),
            var name when name.SequenceEqual("heartbeat"u8) => (RoomsFrameType.Heartbeat, RoomsForm.Undecided),
            var name when name.SequenceEqual("ping"u8) => (RoomsFrameType.Ping, RoomsForm.Undecided),
            var name when name.SequenceEqual("auth"u8) => (RoomsFrameType.Auth, RoomsForm.Undecided),
            var name when name.SequenceEqual("join-room"u8) => (RoomsFrameType.JoinRoom, RoomsForm.Undecided),
            var name when name.SequenceEqual("create-room"u8) => (RoomsFrameType.CreateRoom, RoomsForm.Undecided),
            var name when name.SequenceEqual("leave-room"u8) => (RoomsFrameType.LeaveRoom, RoomsForm.Undecided),
            _ => (RoomsFrameType.Unknown, RoomsForm.Undecided),
        };
    }
}
