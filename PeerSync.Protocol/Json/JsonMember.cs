using System.Text.Json;

namespace PeerSync.Protocol.Json;

/// <summary>One member of a JSON object, as slices of the text it was read from.</summary>
internal readonly ref struct JsonMember
{
    private JsonMember(JsonName name, JsonValue value, ReadOnlySpan<byte> text)
    {
        Name = name;
        Value = value;
        Text = text;
    }

    /// <summary>The name.</summary>
    public JsonName Name { get; }

    /// <summary>The value.</summary>
    public JsonValue Value { get; }

    /// <summary>The whole member as sent, from the quote before its name to the last byte of its value.</summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>Reads the next member of the object that the reader stands in.</summary>
    /// <param name="reader">Stands behind the object's opening brace or a member; afterwards behind the member read, or on the closing brace.</param>
    /// <param name="json">The text that the reader was created over.</param>
    /// <param name="member">The member, when there is one.</param>
    /// <exception cref="JsonException">The text is not valid JSON.</exception>
    public static bool TryRead(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json, out JsonMember member)
    {
        if (!JsonName.TryRead(ref reader, out var name))
        {
            member = default;
            return false;
        }

        var value = JsonValue.Read(ref reader, json);
        member = new JsonMember(name, value, json[name.Start..(int)reader.BytesConsumed]);
        return true;
    }
}
