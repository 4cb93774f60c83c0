using System.Buffers;
using System.Text.Json;
using PeerSync.Host.Http;
using PeerSync.Protocol.Rooms;

namespace PeerSync.Host.Rooms;

/// <summary>Writes the answers of the Rooms feature's routes: supersets of what the product's two servers answered (Rooms contract, section 11).</summary>
internal static class RoomsAnswer
{
    /// <summary>Writes an object with the time as its last member.</summary>
    public static Task WriteAsync(HttpContext context, int statusCode, TimeProvider time, Action<Utf8JsonWriter> members) =>
        WriteAsync(context, statusCode, writer =>
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteNumber("timestamp"u8, time.GetUtcNow().ToUnixTimeMilliseconds());
            writer.WriteEndObject();
        });

    /// <summary>Writes any value.</summary>
    public static Task WriteAsync(HttpContext context, int statusCode, Action<Utf8JsonWriter> value)
    {
        var body = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(body))
        {
            value(writer);
        }

        return JsonAnswer.WriteUtf8Async(context, statusCode, body.WrittenMemory);
    }

    /// <summary>Writes an error.</summary>
    public static Task WriteErrorAsync(HttpContext context, int statusCode, TimeProvider time, string error, Action<Utf8JsonWriter>? members = null) =>
        WriteAsync(context, statusCode, time, writer =>
        {
            writer.WriteString("error"u8, error);
            members?.Invoke(writer);
        });

    /// <summary>The members of a room's metadata, within an object.</summary>
    /// <param name="writer">Stands in an object.</param>
    /// <param name="room">The room.</param>
    /// <param name="withContent">Whether the caller may see the document's content.</param>
    public static void WriteMetadata(Utf8JsonWriter writer, RoomMetadata room, bool withContent = false)
    {
        writer.WriteString("roomId"u8, room.RoomId);
        writer.WriteString("roomName"u8, room.RoomName);
        writer.WriteString("hostId"u8, room.HostId);
        writer.WriteString("hostName"u8, room.HostName);
        WriteDocument(writer, "fileId", room, withContent);
        writer.WriteNumber("peerCount"u8, room.Peers.Count);
        writer.WriteString("state"u8, room.State);
        writer.WriteNumber("createdAt"u8, room.CreatedAt);
        writer.WriteNumber("lastActivity"u8, room.LastActivity);
        writer.WritePropertyName("peers"u8);
        WritePeers(writer, room);
    }

    /// <summary>A room's metadata as an object.</summary>
    public static void WriteMetadataObject(Utf8JsonWriter writer, ReadOnlySpan<byte> name, RoomMetadata room)
    {
        writer.WriteStartObject(name);
        WriteMetadata(writer, room);
        writer.WriteEndObject();
    }

    /// <summary>The members that form D reads, within an object (Rooms contract, section 8.1).</summary>
    /// <param name="writer">Stands in an object.</param>
    /// <param name="room">The room.</param>
    /// <param name="withContent">Whether the caller may see the document's content.</param>
    public static void WriteWorkbench(Utf8JsonWriter writer, RoomMetadata room, bool withContent)
    {
        writer.WriteString("id"u8, room.RoomId);
        writer.WriteString("room_id"u8, room.RoomId);
        writer.WriteString("name"u8, room.RoomName);
        writer.WriteString("file_id"u8, room.FileId ?? string.Empty);
        writer.WriteString("host"u8, room.HostName);
        writer.WriteString("content"u8, withContent ? room.Content ?? string.Empty : string.Empty);
        writer.WriteNumber("version"u8, room.Version ?? 0);
        writer.WriteString("created_at"u8, Iso(room.CreatedAt));
        writer.WriteString("updated_at"u8, Iso(room.LastActivity));
    }

    /// <summary>Members with the names that either server gave them.</summary>
    public static void WritePeers(Utf8JsonWriter writer, RoomMetadata room)
    {
        writer.WriteStartArray();
        foreach (var peer in room.Peers)
        {
            writer.WriteStartObject();
            writer.WriteString("userId"u8, peer.UserId);
            if (peer.UserName is not null)
            {
                writer.WriteString("userName"u8, peer.UserName);
            }

            writer.WriteBoolean("isHost"u8, peer.IsHost);
            writer.WriteNumber("connectedAt"u8, peer.ConnectedAt);
            writer.WriteNumber("lastHeartbeat"u8, peer.LastHeartbeat);
            writer.WriteString("id"u8, peer.UserId);
            writer.WriteString("name"u8, RoomsWriter.LeanName(peer.UserId, peer.UserName));
            writer.WriteNumber("joinedAt"u8, peer.ConnectedAt);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>An element of the list of rooms: what either server showed.</summary>
    public static void WriteListed(Utf8JsonWriter writer, RoomMetadata room)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, room.RoomId);
        writer.WriteString("name"u8, room.RoomName);
        writer.WriteString("roomId"u8, room.RoomId);
        writer.WriteString("roomName"u8, room.RoomName);
        writer.WriteString("hostId"u8, room.HostId);
        writer.WriteNumber("peerCount"u8, room.Peers.Count);
        writer.WriteString("state"u8, room.State);
        writer.WriteNumber("createdAt"u8, room.CreatedAt);
        writer.WriteNumber("lastActivity"u8, room.LastActivity);
        writer.WritePropertyName("peers"u8);
        WritePeers(writer, room);
        writer.WriteEndObject();
    }

    private static void WriteDocument(Utf8JsonWriter writer, string fileName, RoomMetadata room, bool withContent)
    {
        if (room.FileId is not null)
        {
            writer.WriteString(fileName, room.FileId);
        }

        if (withContent && room.Content is not null)
        {
            writer.WriteString("content"u8, room.Content);
        }

        if (room.Version is { } version)
        {
            writer.WriteNumber("version"u8, version);
        }
    }

    internal static string Iso(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
