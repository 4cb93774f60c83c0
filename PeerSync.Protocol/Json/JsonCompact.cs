using System.Buffers;
using System.Text.Json;

namespace PeerSync.Protocol.Json;

/// <summary>Copies JSON as it was written, without the white space between its tokens: no string is unescaped and no number rounded.</summary>
internal static class JsonCompact
{
    /// <summary>Copies the value that the reader stands on; afterwards it stands on the value's last token.</summary>
    /// <exception cref="JsonException">The text is not valid JSON.</exception>
    public static void CopyValue(ref Utf8JsonReader reader, IBufferWriter<byte> output)
    {
        var depth = reader.CurrentDepth;
        var isFirst = true;
        while (true)
        {
            var type = reader.TokenType;
            var isEnd = type is JsonTokenType.EndObject or JsonTokenType.EndArray;
            if (!isFirst && !isEnd)
            {
                output.Write(","u8);
            }

            isFirst = false;
            switch (type)
            {
                case JsonTokenType.PropertyName:
                    CopyName(ref reader, output);
                    isFirst = true;
                    break;
                case JsonTokenType.String:
                    CopyText(ref reader, output);
                    break;
                case JsonTokenType.StartObject:
                    output.Write("{"u8);
                    isFirst = true;
                    break;
                case JsonTokenType.StartArray:
                    output.Write("["u8);
                    isFirst = true;
                    break;
                case JsonTokenType.EndObject:
                    output.Write("}"u8);
                    break;
                case JsonTokenType.EndArray:
                    output.Write("]"u8);
                    break;
                default:
                    CopyRaw(ref reader, output);
                    break;
            }

            var isOpen = type is JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.PropertyName;
            if (!isOpen && reader.CurrentDepth == depth)
            {
                return;
            }

            reader.Read();
        }
    }

    /// <summary>Copies the name that the reader stands on, with its colon.</summary>
    public static void CopyName(ref Utf8JsonReader reader, IBufferWriter<byte> output)
    {
        CopyText(ref reader, output);
        output.Write(":"u8);
    }

    private static void CopyText(ref Utf8JsonReader reader, IBufferWriter<byte> output)
    {
        output.Write("\""u8);
        CopyRaw(ref reader, output);
        output.Write("\""u8);
    }

    private static void CopyRaw(ref Utf8JsonReader reader, IBufferWriter<byte> output)
    {
        if (!reader.HasValueSequence)
        {
            output.Write(reader.ValueSpan);
            return;
        }

        foreach (var part in reader.ValueSequence)
        {
            output.Write(part.Span);
        }
    }
}
