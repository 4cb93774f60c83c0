using System.Text.Json;
using System.Text.Json.Serialization;
using PeerSync.Protocol.Buffers;

namespace PeerSync.Actors.Serialization;

/// <summary>Encoded frames inside entity messages, as base64. Reading makes a buffer with one reference, which belongs to the message.</summary>
public sealed class MessageBufferConverter : JsonConverter<MessageBuffer>
{
    /// <inheritdoc />
    public override MessageBuffer Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => MessageBuffer.Copy(reader.GetBytesFromBase64());

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, MessageBuffer value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteBase64StringValue(value.Span);
    }
}
