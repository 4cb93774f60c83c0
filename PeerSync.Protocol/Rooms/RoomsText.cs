using System.Globalization;
using System.Text.Json;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.Rooms;

/// <summary>Names and labels as the Rooms feature takes them (Rooms contract, section 2).</summary>
public static class RoomsText
{
    /// <summary>The longest name of a user or a room, in UTF-16 code units.</summary>
    public const int MaxNameLength = 128;

    /// <summary>The longest label that is kept, in UTF-16 code units; longer ones are cut.</summary>
    public const int MaxLabelLength = 200;

    // Two more than a name may have: a longer text then shows, also when a pair stands at the border and is left out.
    private const int NameBuffer = MaxNameLength + 2;

    /// <summary>Whether a text may name a user or a room: 1 to 128 units, no control characters, no lone surrogate.</summary>
    public static bool IsName(string? text) => PlainText.IsName(text, MaxNameLength);

    /// <summary>A label for display: the text, cut to <see cref="MaxLabelLength"/> without splitting a pair.</summary>
    public static string Cut(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length <= MaxLabelLength)
        {
            return text;
        }

        return text[..(char.IsHighSurrogate(text[MaxLabelLength - 1]) ? MaxLabelLength - 1 : MaxLabelLength)];
    }

    /// <summary>The name that a value is: a valid text, or a number's decimal form.</summary>
    /// <param name="value">The value.</param>
    /// <param name="known">Returned itself if it is the name, so that none is allocated; null for none.</param>
    internal static string? GetName(JsonValue value, string? known = null)
    {
        Span<char> buffer = stackalloc char[NameBuffer];
        return !TryReadName(value, buffer, out var name) ? null : name.SequenceEqual(known) ? known : name.ToString();
    }

    /// <inheritdoc cref="GetName(JsonValue, string?)"/>
    internal static string? GetName(JsonValue value, RecentNames recent)
    {
        Span<char> buffer = stackalloc char[NameBuffer];
        return TryReadName(value, buffer, out var name) ? recent.Get(name) : null;
    }

    /// <summary>A label that a value is; null for values that are no text, and for an empty one.</summary>
    internal static string? GetLabel(JsonValue value) => value.GetText() is { Length: > 0 } text ? Cut(text) : null;

    private static bool TryReadName(JsonValue value, Span<char> buffer, out Span<char> name)
    {
        name = buffer[..(value.Type switch
        {
            JsonTokenType.String => value.GetTextPrefix(buffer),
            JsonTokenType.Number => WriteNumber(value, buffer),
            _ => 0,
        })];
        return PlainText.IsName(name, MaxNameLength);
    }

    private static int WriteNumber(JsonValue value, Span<char> destination)
    {
        var digits = destination[..value.GetTextPrefix(destination[..MaxNameLength])];
        return decimal.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number != 0
            && number.TryFormat(destination, out var length, default, CultureInfo.InvariantCulture)
            ? length
            : 0;
    }
}
