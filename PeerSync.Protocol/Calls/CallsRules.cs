using System.Globalization;
using System.Text;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.Calls;

/// <summary>Gathers the rules that an argument breaks, worded and joined as the original does: rules of one member by commas, members by semicolons.</summary>
internal ref struct CallsRules
{
    // An argument full of unknown members must not be answered by a longer one.
    private const int MaxUnknown = 20;
    private const int MaxUnknownLength = 100;

    private StringBuilder? _text;
    private HashSet<string>? _unknown;
    private bool _isInMember;

    /// <summary>What was broken, or null.</summary>
    public readonly CallsError? Error => _text is null ? null : CallsError.Validation(_text.ToString());

    /// <summary>A member that the event does not know. To be told before the first <see cref="Member"/>.</summary>
    public void Unknown(JsonName name)
    {
        var text = name.GetText();
        _unknown ??= new HashSet<string>(StringComparer.Ordinal);
        if (_unknown.Count < MaxUnknown && _unknown.Add(text))
        {
            Member();
            Break($"property {(text.Length > MaxUnknownLength ? text[..MaxUnknownLength] : text)} should not exist");
        }
    }

    /// <summary>The rules that follow are those of the next member.</summary>
    public void Member() => _isInMember = false;

    /// <summary>A rule is broken.</summary>
    public void Break(string rule)
    {
        if (_text is null)
        {
            _text = new StringBuilder();
        }
        else
        {
            _text.Append(_isInMember ? ", " : "; ");
        }

        _text.Append(rule);
        _isInMember = true;
    }

    /// <summary>The longest and shortest length of a text, and that it is one.</summary>
    /// <param name="name">The member's, as the rules name it.</param>
    /// <param name="text">Null for what is no text.</param>
    /// <param name="min">In characters; 0 for no rule.</param>
    /// <param name="max">In characters.</param>
    public void Length(string name, string? text, int min, int max)
    {
        var length = text is null ? -1 : CallsText.Length(text);
        if (length < 0 || length > max)
        {
            Break(string.Create(CultureInfo.InvariantCulture, $"{name} must be shorter than or equal to {max} characters"));
        }

        if (min > 0 && length < min)
        {
            Break(string.Create(CultureInfo.InvariantCulture, $"{name} must be longer than or equal to {min} characters"));
        }

        if (text is null)
        {
            Break($"{name} must be a string");
        }
    }

    /// <summary>A text that is one of a few.</summary>
    public void OneOf(string name, params ReadOnlySpan<string> values) => Break($"{name} must be one of the following values: {string.Join(", ", values)}");
}
