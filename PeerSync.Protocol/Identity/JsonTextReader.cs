using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace PeerSync.Protocol.Identity;

/// <summary>Reads JSON strings that somebody else wrote.</summary>
public static class JsonTextReader
{
    /// <summary>Reads the current token as text. Nothing is thrown for what it contains.</summary>
    /// <param name="reader">Stands at the value, and stays there.</param>
    /// <param name="maxLength">The longest text that is accepted, in UTF-16 units.</param>
    /// <param name="text">The text; null where refused.</param>
    /// <returns>False if the token is no string, is no valid Unicode (a lone surrogate, say) or is too long.</returns>
    public static bool TryReadText(ref Utf8JsonReader reader, int maxLength, [NotNullWhen(true)] out string? text)
    {
        text = null;

        // An escaped character takes at most six bytes a UTF-16 unit, an unescaped one three.
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > maxLength * 6L)
        {
            return false;
        }

        try
        {
            text = reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return false;
        }

        if (text.Length <= maxLength)
        {
            return true;
        }

        text = null;
        return false;
    }

    /// <summary>Moves from a property name to the end of its value, however deep that is.</summary>
    /// <param name="reader">Stands at the property name.</param>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static void SkipValue(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }
}
