using System.Buffers;
using System.Text.Json;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.Sync;

/// <summary>Writes JSON again as JSON.stringify would, except that numbers stay as they were written.</summary>
internal static class CompactJson
{
    /// <summary>Writes the value that comes next without white space; the reader then stands on its last token.</summary>
    /// <param name="output">Takes the value.</param>
    /// <param name="reader">Stands before the value.</param>
    /// <exception cref="JsonException">The text is not valid JSON.</exception>
    public static void WriteValue(IBufferWriter<byte> output, scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        var depth = reader.CurrentDepth;
        var previous = JsonTokenType.None;
        while (true)
        {
            var token = reader.TokenType;
            if (token is not (JsonTokenType.EndObject or JsonTokenType.EndArray)
                && previous is not (JsonTokenType.None or JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.PropertyName))
            {
                output.Write(","u8);
            }

            WriteToken(output, ref reader);
            previous = token;
            if ((reader.CurrentDepth == depth && token is not (JsonTokenType.StartObject or JsonTokenType.StartArray)) || !reader.Read())
            {
                return;
            }
        }
    }

    private static void WriteToken(IBufferWriter<byte> output, scoped ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                output.Write("{"u8);
                break;
            case JsonTokenType.EndObject:
                output.Write("}"u8);
                break;
            case JsonTokenType.StartArray:
                output.Write("["u8);
                break;
            case JsonTokenType.EndArray:
                output.Write("]"u8);
                break;
            case JsonTokenType.PropertyName:
                output.WriteString(JsonText.Decode(reader.ValueSpan, reader.ValueIsEscaped));
                output.Write(":"u8);
                break;
            case JsonTokenType.String:
                output.WriteString(JsonText.Decode(reader.ValueSpan, reader.ValueIsEscaped));
                break;
            default:
                output.Write(reader.ValueSpan);
                break;
        }
    }
}
