using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PeerSync.Tests.Sync;

/// <summary>The values that a recorded exchange writes as <c>&lt;name&gt;</c>, and the comparison of its answers with those of a server.</summary>
/// <remarks>
/// A value is given before, made when it is first needed, or learnt from the first answer that has it and the same from then on;
/// <c>&lt;name:number&gt;</c> is any number and <c>&lt;name:iso&gt;</c> any time as JavaScript writes it.
/// </remarks>
internal sealed partial class RecordedValues
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>Makes a value that nobody gave; null where it knows none of that name.</summary>
    public Func<string, string?> Make { get; init; } = static _ => null;

    /// <summary>Compares a member of an answer in its own way; false where it does not care.</summary>
    public Func<string, JsonObject, string, bool> Checks { get; init; } = static (_, _, _) => false;

    public string this[string name]
    {
        get
        {
            if (!_values.TryGetValue(name, out var value))
            {
                value = Make(name);
                Assert.True(value is not null, $"Nothing is bound to <{name}>.");
                _values[name] = value;
            }

            return value;
        }
        set => _values[name] = value;
    }

    public bool IsBound(string name) => _values.ContainsKey(name);

    /// <summary>Puts values in the place of their names, also where JSON has escaped the brackets; numbers lose their quotes.</summary>
    public string Substitute(string text) => Variable().Replace(
        text.Replace("\\u003C", "<", StringComparison.Ordinal).Replace("\\u003E", ">", StringComparison.Ordinal),
        match => match.Groups["number"].Success ? this[match.Groups["number"].Value] : this[match.Groups["name"].Value]);

    /// <summary>Puts back what the recording has shortened: a string's last character, until it is as long as it says.</summary>
    public static string Lengthen(string text) => Shortened().Replace(
        text, static match => match.Groups[1].Value.PadRight(int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture), match.Groups[1].Value[^1]));

    public void AssertSame(JsonNode? expected, JsonNode? actual, string where)
    {
        if (expected is JsonObject members)
        {
            var others = actual as JsonObject;
            Assert.True(others is not null && members.Select(static member => member.Key).SequenceEqual(others.Select(static member => member.Key)), where);
            foreach (var (member, value) in members)
            {
                if (!Checks(member, others, where))
                {
                    AssertSame(value, others[member], where);
                }
            }
        }
        else if (expected is JsonArray items)
        {
            var others = actual as JsonArray;
            Assert.True(others is not null && items.Count == others.Count, where);
            for (var i = 0; i < items.Count; i++)
            {
                AssertSame(items[i], others[i], where);
            }
        }
        else if (expected is JsonValue value && value.TryGetValue<string>(out var text))
        {
            AssertText(text, actual, where);
        }
        else
        {
            Assert.True(JsonNode.DeepEquals(expected, actual), where);
        }
    }

    [GeneratedRegex("\"<(?<number>[A-Za-z0-9_.]+):number>\"|<(?<name>[A-Za-z0-9_.]+)(?::(?<kind>number|iso))?>")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]
    private static partial Regex IsoTime();

    [GeneratedRegex(@"(?<="")([^""]+)<\.\.\. (\d+) characters>")]
    private static partial Regex Shortened();

    private void AssertText(string expected, JsonNode? actual, string where)
    {
        var variable = Variable().Match(expected);
        if (variable.Groups["kind"].Value == "number")
        {
            Assert.True(actual?.GetValueKind() == JsonValueKind.Number, where);
            return;
        }

        Assert.True(actual?.GetValueKind() == JsonValueKind.String, where);
        var found = actual!.GetValue<string>();
        if (variable.Groups["kind"].Value == "iso")
        {
            Assert.True(IsoTime().IsMatch(found), where);
            return;
        }

        if (variable.Success && variable.Length == expected.Length && !IsBound(variable.Groups["name"].Value))
        {
            Assert.True(found.Length > 0, where);
            var name = variable.Groups["name"].Value;
            this[name] = Make(name) ?? found;
        }

        Assert.True(Substitute(expected) == found, where);
    }
}
