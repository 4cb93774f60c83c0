using System.Globalization;
using PeerSync.Host.Configuration.Hocon;

namespace PeerSync.Host.Configuration;

/// <summary>Reads the typed values of one section. A fault is noted and reading goes on, so that one start shows all of them.</summary>
internal sealed class SettingsReader
{
    private static readonly Dictionary<string, bool> Booleans = new(StringComparer.OrdinalIgnoreCase)
    {
        ["true"] = true,
        ["on"] = true,
        ["yes"] = true,
        ["false"] = false,
        ["off"] = false,
        ["no"] = false,
    };

    private readonly HoconObject _values;
    private readonly string _path;
    private readonly SettingsFindings _findings;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public SettingsReader(HoconObject values, string path, SettingsFindings findings)
    {
        _values = values;
        _path = path;
        _findings = findings;
    }

    /// <summary>Whether the section holds the key, which an optional part of a list element may not.</summary>
    public bool Has(string key) => _values.TryGetValue(key, out _);

    /// <summary>Notes a fault of a setting in this section.</summary>
    public void Fault(string key, string message) => _findings.Fault(PathOf(key), Origin(key), message);

    /// <summary>Notes every key that nothing asked for, since it does not do what somebody hopes it does.</summary>
    public void RefuseUnknownKeys()
    {
        foreach (var (key, value) in _values.Fields)
        {
            if (!_known.Contains(key))
            {
                _findings.Fault(PathOf(key), value.Origin, "there is no such setting");
            }
        }
    }

    /// <summary>Reads a nested section, all of it.</summary>
    public T Section<T>(string key, Func<SettingsReader, T> read)
    {
        if (Take(key) is HoconObject section)
        {
            return ReadAll(section, PathOf(key), read);
        }

        if (Has(key))
        {
            Fault(key, "must be a section in braces");
        }

        // What is missing in it would only repeat the fault.
        return read(new SettingsReader(_values, _path, new SettingsFindings()));
    }

    /// <summary>Reads a list of sections.</summary>
    public IReadOnlyList<T> Sections<T>(string key, Func<SettingsReader, T> read)
    {
        var value = Take(key);
        if (value is null)
        {
            return [];
        }

        var array = value as HoconArray ?? (value as HoconObject)?.ToArray();
        if (array is null || array.Items.Any(static item => item is not HoconObject))
        {
            Fault(key, "must be a list of sections: [ { ... }, { ... } ]");
            return [];
        }

        return [.. array.Items.Select((item, i) => ReadAll((HoconObject)item, string.Create(CultureInfo.InvariantCulture, $"{PathOf(key)}.{i}"), read))];
    }

    public string Text(string key) => Scalar(key)?.Text ?? string.Empty;

    /// <summary>Reads a text that may not be empty.</summary>
    public string RequiredText(string key)
    {
        var text = Text(key);
        if (text.Length == 0 && Has(key))
        {
            Fault(key, "must not be empty");
        }

        return text;
    }

    /// <summary>Reads a text that is never shown.</summary>
    public Secret Secret(string key)
    {
        _findings.Secrets.Add(PathOf(key));
        return new Secret(Text(key));
    }

    /// <summary>Reads a text in which a password may stand.</summary>
    public Secret ConnectionString(string key)
    {
        _findings.ConnectionStrings.Add(PathOf(key));
        return new Secret(Text(key));
    }

    public bool Boolean(string key)
    {
        if (Scalar(key) is not { } scalar)
        {
            return false;
        }

        if (!Booleans.TryGetValue(scalar.Text, out var value))
        {
            Fault(key, $"must be on or off, is '{scalar.Text}'");
        }

        return value;
    }

    /// <summary>Reads one of several words.</summary>
    public T Choice<T>(string key, IReadOnlyList<(string Word, T Value)> choices)
    {
        if (Scalar(key) is { } scalar)
        {
            foreach (var (word, value) in choices)
            {
                if (word.Equals(scalar.Text, StringComparison.OrdinalIgnoreCase))
                {
                    return value;
                }
            }

            Fault(key, $"must be one of {string.Join(", ", choices.Select(static choice => choice.Word))}, is '{scalar.Text}'");
        }

        return choices[0].Value;
    }

    public int Integer(string key, int min, int max)
    {
        if (Scalar(key) is not { } scalar)
        {
            return min;
        }

        if (!int.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            Fault(key, $"must be a whole number, is '{scalar.Text}'");
            return min;
        }

        if (value < min || value > max)
        {
            Fault(key, string.Create(CultureInfo.InvariantCulture, $"must be between {min} and {max}, is {value}"));
        }

        return value;
    }

    /// <summary>Reads a size in bytes; the limits are written as sizes too.</summary>
    public int Size(string key, string min, string max) => (int)LongSize(key, min, max);

    /// <summary>As <see cref="Size"/>, for sizes that may exceed 2 GiB.</summary>
    public long LongSize(string key, string min, string max)
    {
        if (Scalar(key) is not { } scalar)
        {
            return 0;
        }

        if (!HoconUnits.TryParseSize(scalar.Text, out var value))
        {
            Fault(key, $"must be a size such as 64KiB or 4MiB, is '{scalar.Text}'");
            return 0;
        }

        _ = HoconUnits.TryParseSize(min, out var least);
        _ = HoconUnits.TryParseSize(max, out var most);
        if (value < least || value > most)
        {
            Fault(key, $"must be between {min} and {max}, is {scalar.Text}");
            return 0;
        }

        return value;
    }

    /// <summary>Reads a duration; the limits are written as durations too.</summary>
    public TimeSpan Duration(string key, string min, string max, string defaultUnit = "ms")
    {
        if (Scalar(key) is not { } scalar)
        {
            return default;
        }

        if (!HoconUnits.TryParseDuration(scalar.Text, defaultUnit, out var value))
        {
            Fault(key, $"must be a duration such as 500ms, 10s or 2h, is '{scalar.Text}'");
            return default;
        }

        _ = HoconUnits.TryParseDuration(min, defaultUnit, out var least);
        _ = HoconUnits.TryParseDuration(max, defaultUnit, out var most);
        if (value < least || value > most)
        {
            Fault(key, $"must be between {min} and {max}, is {scalar.Text}");
        }

        return value;
    }

    /// <summary>Reads a list of texts, or one text with commas between them, as the environment has it.</summary>
    public IReadOnlyList<string> Texts(string key)
    {
        switch (Take(key))
        {
            case HoconArray array when array.Items.All(static item => item is HoconScalar { Kind: not HoconValueKind.Null }):
                return [.. array.Items.Select(static item => ((HoconScalar)item).Text)];
            case HoconScalar { Kind: not HoconValueKind.Null } scalar:
                return scalar.Text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            case not null:
                Fault(key, "must be a list of texts");
                break;
        }

        return [];
    }

    private T ReadAll<T>(HoconObject section, string path, Func<SettingsReader, T> read)
    {
        var reader = new SettingsReader(section, path, _findings);
        var result = read(reader);
        reader.RefuseUnknownKeys();
        return result;
    }

    private string PathOf(string key) => $"{_path}.{HoconPath.FormatElement(key)}";

    private HoconOrigin Origin(string key) => _values.TryGetValue(key, out var value) ? value.Origin : _values.Origin;

    private HoconValue? Take(string key)
    {
        _known.Add(key);
        if (_values.TryGetValue(key, out var value))
        {
            return value;
        }

        Fault(key, "is not set");
        return null;
    }

    private HoconScalar? Scalar(string key)
    {
        switch (Take(key))
        {
            case null:
                return null;
            case HoconScalar { Kind: not HoconValueKind.Null } scalar:
                return scalar;
            case HoconScalar:
                Fault(key, "must not be null");
                return null;
            default:
                Fault(key, "must be a single value");
                return null;
        }
    }
}
