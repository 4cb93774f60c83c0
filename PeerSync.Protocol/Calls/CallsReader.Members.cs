using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.Calls;

/// <summary>The members of arguments, and their rules.</summary>
public static partial class CallsReader
{
    private static bool TryOpen(ReadOnlySpan<byte> argument, out ReadOnlySpan<byte> json, [NotNullWhen(false)] out CallsError? error)
    {
        json = "{}"u8;
        error = null;
        if (argument.IsEmpty)
        {
            return true;
        }

        if (Utf8.IsValid(argument))
        {
            var reader = new Utf8JsonReader(argument, JsonSyntax.Options);
            try
            {
                reader.Read();
                var isObject = reader.TokenType == JsonTokenType.StartObject;
                reader.Skip();

                // Anything but white space behind the value throws.
                reader.Read();
                json = isObject ? argument : json;
                return true;
            }
            catch (JsonException)
            {
                // Answered like every other broken rule.
            }
        }

        error = CallsError.Validation("payload must be valid JSON");
        return false;
    }

    private static Utf8JsonReader Begin(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, JsonSyntax.Options);
        reader.Read();
        return reader;
    }

    private static bool Slot(JsonName member, JsonValue value, ReadOnlySpan<byte> name, ref JsonValue slot)
    {
        if (name.IsEmpty || !member.Is(name))
        {
            return false;
        }

        slot = value;
        return true;
    }

    private static bool IsAbsent(JsonValue value) => value.Type is JsonTokenType.None or JsonTokenType.Null;

    private static string SessionId(ref CallsRules rules, JsonValue value)
    {
        rules.Member();
        var text = value.GetText();
        rules.Length("sessionId", text, 1, MaxSessionIdLength);
        return text ?? string.Empty;
    }

    private static string? Sanitised(JsonValue value) => value.GetText() is { } text ? CallsText.Sanitise(text) : null;

    private static string? OptionalText(ref CallsRules rules, JsonValue value, string name, int max)
    {
        if (IsAbsent(value))
        {
            return null;
        }

        rules.Member();
        var text = value.GetText();
        rules.Length(name, text, 0, max);
        return string.IsNullOrEmpty(text) ? null : text;
    }

    private static CallsGender Gender(ref CallsRules rules, JsonValue value)
    {
        rules.Member();
        switch (value.GetText())
        {
            case "male":
                return CallsGender.Male;
            case "female":
                return CallsGender.Female;
            case "other":
                return CallsGender.Other;
            case "prefer_not_to_say":
                return CallsGender.PreferNotToSay;

            // What the client's dialog sends when its user chose none.
            case "":
                return CallsGender.Unknown;
            default:
                if (!IsAbsent(value))
                {
                    rules.OneOf("gender", "male", "female", "other", "prefer_not_to_say");
                }

                return CallsGender.Unknown;
        }
    }

    private static GenderPreference Preference(ref CallsRules rules, JsonValue value)
    {
        rules.Member();
        switch (value.GetText())
        {
            case "any":
                return GenderPreference.Any;
            case "male":
                return GenderPreference.Male;
            case "female":
                return GenderPreference.Female;
            default:
                if (!IsAbsent(value))
                {
                    rules.OneOf("genderPreference", "any", "male", "female");
                }

                return GenderPreference.Any;
        }
    }

    private static QueueType Queue(ref CallsRules rules, JsonValue value)
    {
        rules.Member();
        switch (value.GetText())
        {
            case "casual":
                return QueueType.Casual;
            case "serious":
                return QueueType.Serious;
            case "language":
                return QueueType.Language;
            case "gaming":
                return QueueType.Gaming;
            default:
                if (!IsAbsent(value))
                {
                    rules.OneOf("queueType", "casual", "serious", "language", "gaming");
                }

                return QueueType.Casual;
        }
    }

    private static List<string> Interests(ref CallsRules rules, JsonValue value)
    {
        var interests = new List<string>();
        if (IsAbsent(value))
        {
            return interests;
        }

        rules.Member();
        var isArray = value.Type == JsonTokenType.StartArray;
        var (areTooMany, areLong, areNoText) = (false, false, false);
        if (isArray)
        {
            var reader = Begin(value.Text);
            for (var count = 1; reader.Read() && reader.TokenType != JsonTokenType.EndArray; count++)
            {
                areTooMany |= count > MaxInterests;
                var text = reader.TokenType == JsonTokenType.String ? JsonText.Decode(reader.ValueSpan, reader.ValueIsEscaped) : null;
                reader.Skip();
                areNoText |= text is null;
                areLong |= text is null || CallsText.Length(text) > MaxInterestLength;
                if (!areTooMany && !string.IsNullOrEmpty(text) && !interests.Contains(text))
                {
                    interests.Add(text);
                }
            }
        }
        else
        {
            areNoText = !value.IsString;
            areLong = areNoText || CallsText.Length(value.GetText()!) > MaxInterestLength;
        }

        BreakInterests(ref rules, isArray, areTooMany, areLong, areNoText);
        return interests;
    }

    private static void BreakInterests(ref CallsRules rules, bool isArray, bool areTooMany, bool areLong, bool areNoText)
    {
        if (areTooMany)
        {
            rules.Break(string.Create(CultureInfo.InvariantCulture, $"interests must contain no more than {MaxInterests} elements"));
        }

        if (areLong)
        {
            rules.Break(string.Create(CultureInfo.InvariantCulture, $"each value in interests must be shorter than or equal to {MaxInterestLength} characters"));
        }

        if (areNoText)
        {
            rules.Break("each value in interests must be a string");
        }

        if (!isArray)
        {
            rules.Break("interests must be an array");
        }
    }

    private static double Number(ref CallsRules rules, JsonValue value, string name)
    {
        rules.Member();
        var text = value.Type switch
        {
            JsonTokenType.Number => value.Text,
            JsonTokenType.String => value.PlainUtf8,
            _ => default,
        };
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
        {
            return number;
        }

        rules.Break($"{name} must be a number conforming to the specified constraints");
        return 0;
    }
}
