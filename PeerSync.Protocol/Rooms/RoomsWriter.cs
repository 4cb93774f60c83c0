using System.Buffers;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.Rooms;

/// <summary>Writes what the server says of itself in each form: answers, comings and goings, errors (docs/spec/rooms.md). Signals: <see cref="RoomsSignal"/>.</summary>
/// <remarks>Pure functions, safe on any thread. Those that return a boolean write nothing and return false where the form has no such frame.</remarks>
public static class RoomsWriter
{
    /// <summary>An error. One shape for all forms, since a client may not have chosen yet and each reads its own member.</summary>
    public static void Error(IBufferWriter<byte> output, RoomsError error, long now)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(error);
        output.Write("{\"type\":\"error\",\"roomId\":\"\",\"userId\":\"\",\"data\":{\"error\":"u8);
        output.WriteString(error.Text);
        output.Write(",\"message\":"u8);
        output.WriteString(error.Text);
        output.Write(",\"code\":"u8);
        output.WriteString(error.Code);
        output.Write("}"u8);
        EndStamped(output, now);
    }

    /// <summary>D's refusal of an authentication.</summary>
    public static void AuthError(IBufferWriter<byte> output, RoomsError error)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(error);
        output.Write("{\"type\":\"auth-error\",\"data\":{\"message\":"u8);
        output.WriteString(error.Text);
        output.Write(",\"code\":"u8);
        output.WriteString(error.Code);
        output.Write("}}"u8);
    }

    /// <summary>The answer to an authentication: C, D and E.</summary>
    public static bool Authenticated(IBufferWriter<byte> output, RoomsForm form, string roomId, string userId, long now)
    {
        ArgumentNullException.ThrowIfNull(output);
        switch (form)
        {
            case RoomsForm.Readme or RoomsForm.SyncService:
                Begin(output, "auth"u8, roomId, userId);
                output.Write(",\"data\":{\"status\":\"authenticated\",\"message\":\"User properly connected to authorized room\"}"u8);
                EndStamped(output, now);
                return true;
            case RoomsForm.Workbench:
                output.Write("{\"type\":\"auth-success\",\"data\":{\"userId\":"u8);
                output.WriteString(userId);
                output.Write("}}"u8);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The answer to whoever has entered a room.</summary>
    /// <param name="output">Takes the frame.</param>
    /// <param name="form">The joiner's form.</param>
    /// <param name="room">The room, with the joiner and with those members only whom the joiner may meet.</param>
    /// <param name="peer">The joiner.</param>
    /// <param name="created">Whether the answer is to a request to create the room.</param>
    /// <param name="now">Unix milliseconds.</param>
    public static bool Joined(IBufferWriter<byte> output, RoomsForm form, RoomMetadata room, RoomPeer peer, bool created, long now)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(room);
        ArgumentNullException.ThrowIfNull(peer);
        switch (form)
        {
            case RoomsForm.Lean:
                PeerList(output, room, peer);
                return true;
            case RoomsForm.Collaboration or RoomsForm.Readme:
                // B knows no request to create a room, and no answer to one.
                Begin(output, created && form == RoomsForm.Readme ? "room-created"u8 : "room-joined"u8, room.RoomId, peer.UserId);
                output.Write(",\"data\":{\"room\":"u8);
                Metadata(output, room);
                output.Write("}"u8);
                EndStamped(output, now);
                return true;
            case RoomsForm.SyncService:
                output.Write("{\"type\":\"sync\",\"data\":{\"content\":"u8);
                output.WriteString(room.Content ?? string.Empty);
                output.Write(",\"version\":"u8);
                output.WriteInteger(room.Version ?? 0);
                output.Write(",\"sessionId\":"u8);
                output.WriteString(room.RoomId);
                output.Write("}}"u8);
                return true;
            case RoomsForm.Workbench:
                output.Write("{\"type\":\"room-joined\",\"data\":{\"roomId\":"u8);
                output.WriteString(room.RoomId);
                output.Write(",\"userId\":"u8);
                output.WriteString(peer.UserId);
                output.Write(",\"userName\":"u8);
                output.WriteString(peer.UserName ?? string.Empty);
                output.Write("}}"u8);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Somebody has come: to the other members.</summary>
    public static bool PeerJoined(IBufferWriter<byte> output, RoomsForm form, string roomId, string userId, string? userName, long now)
    {
        ArgumentNullException.ThrowIfNull(output);
        switch (form)
        {
            case RoomsForm.Lean:
                output.Write("{\"type\":\"peerJoined\",\"roomId\":"u8);
                output.WriteString(roomId);
                output.Write(",\"peerId\":"u8);
                output.WriteString(userId);
                output.Write(",\"peerName\":"u8);
                output.WriteString(LeanName(userId, userName));
                output.Write("}"u8);
                return true;
            case RoomsForm.Collaboration or RoomsForm.Readme:
                Begin(output, "peer-joined"u8, roomId, userId);
                output.Write(",\"data\":{\"peer\":"u8);
                UserObject(output, userId, userName);
                output.Write("}"u8);
                EndStamped(output, now);
                return true;
            case RoomsForm.SyncService:
                output.Write("{\"type\":\"user-joined\",\"data\":"u8);
                UserObject(output, userId, userName ?? string.Empty);
                output.Write("}"u8);
                return true;
            case RoomsForm.Workbench:
                output.Write("{\"type\":\"user_joined\",\"data\":"u8);
                UserObject(output, userId, userName ?? string.Empty);
                output.Write("}"u8);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Somebody has left: to those who stay.</summary>
    public static bool PeerLeft(IBufferWriter<byte> output, RoomsForm form, string roomId, string userId, long now)
    {
        ArgumentNullException.ThrowIfNull(output);
        switch (form)
        {
            case RoomsForm.Lean:
                output.Write("{\"type\":\"peerLeft\",\"roomId\":"u8);
                output.WriteString(roomId);
                output.Write(",\"peerId\":"u8);
                output.WriteString(userId);
                output.Write("}"u8);
                return true;
            case RoomsForm.Collaboration or RoomsForm.Readme:
                Begin(output, "peer-left"u8, roomId, userId);
                EndStamped(output, now);
                return true;
            case RoomsForm.SyncService or RoomsForm.Workbench:
                output.Write(form == RoomsForm.SyncService ? "{\"type\":\"user-left\",\"data\":"u8 : "{\"type\":\"user_left\",\"data\":"u8);
                UserObject(output, userId, userName: null);
                output.Write("}"u8);
                return true;
            default:
                return false;
        }
    }

    /// <summary>E's heartbeat, to the one who sent it.</summary>
    public static void Heartbeat(IBufferWriter<byte> output, string roomId, string userId, long now)
    {
        ArgumentNullException.ThrowIfNull(output);
        Begin(output, "heartbeat"u8, roomId, userId);
        EndStamped(output, now);
    }

    /// <summary>D's answer to its ping.</summary>
    public static void Pong(IBufferWriter<byte> output, long now)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write("{\"type\":\"pong\""u8);
        EndStamped(output, now);
    }

    /// <summary>D's acknowledgement of an operation.</summary>
    public static void OperationAcknowledged(IBufferWriter<byte> output, string operationId, long version)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write("{\"type\":\"ack\",\"data\":{\"operationId\":"u8);
        output.WriteString(operationId);
        output.Write(",\"version\":"u8);
        output.WriteInteger(version);
        output.Write("}}"u8);
    }

    /// <summary>A room with its members, as a JSON object. Absent members are left out, not null.</summary>
    public static void Metadata(IBufferWriter<byte> output, RoomMetadata room)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(room);
        output.Write("{\"roomId\":"u8);
        output.WriteString(room.RoomId);
        output.Write(",\"roomName\":"u8);
        output.WriteString(room.RoomName);
        output.Write(",\"hostId\":"u8);
        output.WriteString(room.HostId);
        output.Write(",\"hostName\":"u8);
        output.WriteString(room.HostName);
        if (room.FileId is not null)
        {
            output.Write(",\"fileId\":"u8);
            output.WriteString(room.FileId);
        }

        if (room.Content is not null)
        {
            output.Write(",\"content\":"u8);
            output.WriteString(room.Content);
        }

        if (room.Version is { } version)
        {
            output.Write(",\"version\":"u8);
            output.WriteInteger(version);
        }

        output.Write(",\"peerCount\":"u8);
        output.WriteInteger(room.Peers.Count);
        output.Write(",\"state\":"u8);
        output.WriteString(room.State);
        output.Write(",\"createdAt\":"u8);
        output.WriteInteger(room.CreatedAt);
        output.Write(",\"lastActivity\":"u8);
        output.WriteInteger(room.LastActivity);
        output.Write(",\"peers\":["u8);
        for (var i = 0; i < room.Peers.Count; i++)
        {
            output.Write(i == 0 ? ""u8 : ","u8);
            Peer(output, room.Peers[i]);
        }

        output.Write("]}"u8);
    }

    /// <summary>The name that form A shows for a member: its own, or one made of its id (Rooms contract, section 4).</summary>
    public static string LeanName(string userId, string? userName)
    {
        ArgumentNullException.ThrowIfNull(userId);
        return userName ?? "peer-" + (userId.Length > 8 ? userId[..8] : userId);
    }

    internal static void Begin(IBufferWriter<byte> output, ReadOnlySpan<byte> type, string roomId, string userId)
    {
        output.Write("{\"type\":\""u8);
        output.Write(type);
        output.Write("\",\"roomId\":"u8);
        output.WriteString(roomId);
        output.Write(",\"userId\":"u8);
        output.WriteString(userId);
    }

    internal static void EndStamped(IBufferWriter<byte> output, long now)
    {
        output.Write(",\"timestamp\":"u8);
        output.WriteInteger(now);
        output.Write("}"u8);
    }

    private static void PeerList(IBufferWriter<byte> output, RoomMetadata room, RoomPeer self)
    {
        output.Write("{\"type\":\"peerList\",\"roomId\":"u8);
        output.WriteString(room.RoomId);
        output.Write(",\"peers\":["u8);
        var isFirst = true;
        foreach (var peer in room.Peers)
        {
            if (peer.UserId == self.UserId)
            {
                continue;
            }

            output.Write(isFirst ? "{\"id\":"u8 : ",{\"id\":"u8);
            output.WriteString(peer.UserId);
            output.Write(",\"name\":"u8);
            output.WriteString(LeanName(peer.UserId, peer.UserName));
            output.Write("}"u8);
            isFirst = false;
        }

        output.Write("]}"u8);
    }

    private static void Peer(IBufferWriter<byte> output, RoomPeer peer)
    {
        output.Write("{\"userId\":"u8);
        output.WriteString(peer.UserId);
        if (peer.UserName is not null)
        {
            output.Write(",\"userName\":"u8);
            output.WriteString(peer.UserName);
        }

        output.Write(peer.IsHost ? ",\"isHost\":true,\"connectedAt\":"u8 : ",\"isHost\":false,\"connectedAt\":"u8);
        output.WriteInteger(peer.ConnectedAt);
        output.Write(",\"lastHeartbeat\":"u8);
        output.WriteInteger(peer.LastHeartbeat);
        output.Write("}"u8);
    }

    private static void UserObject(IBufferWriter<byte> output, string userId, string? userName)
    {
        output.Write("{\"userId\":"u8);
        output.WriteString(userId);
        if (userName is not null)
        {
            output.Write(",\"userName\":"u8);
            output.WriteString(userName);
        }

        output.Write("}"u8);
    }
}
