using System.Buffers;
using System.Text;
using System.Text.Json;

namespace PeerSync.Protocol.Json;

/// <summary>One JSON value, as slices of the text it was read from; the default value stands for an absent one.</summary>
internal readonly ref struct JsonValue
{
    private const int MaxAsciiLength = 64;

    private readonly ReadOnlySpan<byte> _content;
    private readonly bool _isEscaped;

    private JsonValue(JsonTokenType type, ReadOnlySpan<byte> content, bool isEscaped, ReadOnlySpan<byte> text)
    {
        Type = type;
        _content = content;
        _isEscaped = isEscaped;
        Text = text;
    }

    /// <summary>The token that begins the value; <see cref="JsonTokenType.None"/> when it is absent.</summary>
    public JsonTokenType Type { get; }

    /// <summary>The whole value as sent.</summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>Whether this is a string.</summary>
    public bool IsString => Type == JsonTokenType.String;

    /// <summary>Whether JavaScript would take the value as true.</summary>
    public bool IsTruthy => JsonText.IsTruthy(Type, _content);

    /// <summary>The bytes between the quotes when this is a string without escapes, else nothing.</summary>
    public ReadOnlySpan<byte> PlainUtf8 => IsString && !_isEscaped ? _content : default;

    /// <summary>Whether this is a string whose text is some ASCII text.</summary>
    public bool IsText(ReadOnlySpan<byte> expected) => IsString && JsonText.Equals(_content, _isEscaped, expected);

    /// <summary>The text of a string; null for every other type.</summary>
    public string? GetText() => IsString ? JsonText.Decode(_content, _isEscaped) : null;

    /// <summary>The text of a string when it is ASCII, without allocating: its own bytes, or where it has escapes what fits into the buffer. Else nothing.</summary>
    public ReadOnlySpan<byte> GetAscii(Span<byte> buffer)
    {
        if (!IsString || !_isEscaped)
        {
            return PlainUtf8;
        }

        Span<char> text = stackalloc char[MaxAsciiLength];
        text = text[..JsonText.DecodePrefix(_content, _isEscaped, text[..Math.Min(buffer.Length, MaxAsciiLength)])];
        return Ascii.FromUtf16(text, buffer, out var length) == OperationStatus.Done ? buffer[..length] : default;
    }

    /// <summary>As much of the text of a string, or of a number as written, as fits.</summary>
    public int GetTextPrefix(Span<char> destination) => JsonText.DecodePrefix(_content, _isEscaped, destination);

    /// <summary>Reads the value that comes next; the reader then stands on its last token.</summary>
    /// <param name="reader">Stands before the value.</param>
    /// <param name="json">The text that the reader was created over.</param>
    /// <exception cref="JsonException">The text is not valid JSON.</exception>
    public static JsonValue Read(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        reader.Read();
        var type = reader.TokenType;
        var start = (int)reader.TokenStartIndex;
        if (type is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            reader.Skip();
            return new JsonValue(type, default, false, json[start..(int)reader.BytesConsumed]);
        }

        return new JsonValue(type, reader.ValueSpan, reader.ValueIsEscaped, json[start..(int)reader.BytesConsumed]);
    }
}
