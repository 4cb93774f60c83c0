using System.Text.Json;
using System.Text.Json.Serialization;
using PeerSync.Actors.Rooms;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Connections;
using PeerSync.Protocol.Rooms;

namespace PeerSync.Actors.Serialization;

/// <summary>Frames between members of a room. The source's credit does not travel: it belongs to the node whose socket gave it.</summary>
public sealed class MemberFrameConverter : JsonConverter<MemberFrame>
{
    /// <inheritdoc />
    /// <exception cref="JsonException">A member is missing.</exception>
    public override MemberFrame Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var values = JsonSerializer.Deserialize<Values>(ref reader, options) ?? throw new JsonException("A frame must not be null.");
        return MemberFrame.Rent(
            values.RoomId, values.UserId, new ConnectionId(values.ConnectionId), values.Form, values.Type, values.To, MessageBuffer.Copy(values.Body), source: null);
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, MemberFrame value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(value);
        JsonSerializer.Serialize(
            writer,
            new Values(value.RoomId, value.UserId, value.ConnectionId.ToString(), value.Form, value.Type, value.To, value.Body.Span.ToArray()),
            options);
    }

    private sealed record Values(string RoomId, string UserId, string ConnectionId, RoomsForm Form, RoomsFrameType Type, string? To, byte[] Body);
}
