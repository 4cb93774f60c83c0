using System.Text.Json;

namespace PeerSync.Protocol.Json;

/// <summary>The name of a member of a JSON object, as a slice of the text it was read from.</summary>
internal readonly ref struct JsonName
{
    private readonly ReadOnlySpan<byte> _raw;
    private readonly bool _isEscaped;

    private JsonName(ReadOnlySpan<byte> raw, bool isEscaped, int start)
    {
        _raw = raw;
        _isEscaped = isEscaped;
        Start = start;
    }

    /// <summary>The offset of the quote before the name.</summary>
    public int Start { get; }

    /// <summary>Whether the name, with its escapes resolved, is some ASCII text.</summary>
    public bool Is(ReadOnlySpan<byte> expected) => JsonText.Equals(_raw, _isEscaped, expected);

    /// <summary>The name as a string, escapes resolved. Allocates.</summary>
    public string GetText() => JsonText.Decode(_raw, _isEscaped);

    /// <summary>Reads the name of the next member of the object that the reader stands in.</summary>
    /// <param name="reader">Stands behind the object's opening brace or a member; afterwards before the member's value, or on the closing brace.</param>
    /// <param name="name">The name, when there is one.</param>
    /// <exception cref="JsonException">The text is not valid JSON.</exception>
    public static bool TryRead(scoped ref Utf8JsonReader reader, out JsonName name)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName)
        {
            name = default;
            return false;
        }

        name = new JsonName(reader.ValueSpan, reader.ValueIsEscaped, (int)reader.TokenStartIndex);
        return true;
    }
}
