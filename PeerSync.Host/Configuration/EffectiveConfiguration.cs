using System.Data.Common;
using System.Globalization;
using PeerSync.Host.Configuration.Hocon;

namespace PeerSync.Host.Configuration;

/// <summary>The settings that came out of the defaults, the configuration file and the environment, fit to be shown.</summary>
internal sealed class EffectiveConfiguration
{
    private readonly IReadOnlySet<string> _secrets;
    private readonly IReadOnlySet<string> _connectionStrings;
    private readonly List<EffectiveSetting> _settings = [];

    /// <summary>Lists what is below the given root.</summary>
    /// <param name="values">The root's value.</param>
    /// <param name="path">The root's path.</param>
    /// <param name="secrets">The paths whose values are masked.</param>
    /// <param name="connectionStrings">The paths whose values hold a password among other things.</param>
    public EffectiveConfiguration(HoconObject values, string path, IReadOnlySet<string> secrets, IReadOnlySet<string> connectionStrings)
    {
        _secrets = secrets;
        _connectionStrings = connectionStrings;
        Add(values, path);
    }

    /// <summary>The settings in the order of the file that holds the defaults.</summary>
    public IReadOnlyList<EffectiveSetting> Settings => _settings;

    /// <summary>Writes one line a setting, with its origin as a comment: HOCON again, but for the secrets.</summary>
    /// <param name="output">Takes the lines.</param>
    public void WriteTo(TextWriter output)
    {
        foreach (var setting in _settings)
        {
            output.WriteLine($"{setting.Path} = {setting.Value}  # {setting.Origin}");
        }
    }

    /// <summary>Replaces the password in a connection string, so that the rest can be shown; replaces everything where it cannot be told apart.</summary>
    /// <param name="text">A URL or a list of <c>key=value</c>.</param>
    internal static string MaskPassword(string text)
    {
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
        {
            return MaskKeys(text);
        }

        if (text.Contains("password", StringComparison.OrdinalIgnoreCase))
        {
            // A parameter in the query of the URL.
            return Secret.Mask;
        }

        // Up to the last at sign, because a password that nobody escaped may hold one.
        var userEnd = text.LastIndexOf('@');
        var passwordStart = userEnd < 0 ? -1 : text.IndexOf(':', scheme + 3, userEnd - scheme - 3);
        return passwordStart < 0 ? text : string.Concat(text.AsSpan(0, passwordStart + 1), Secret.Mask, text.AsSpan(userEnd));
    }

    private static string MaskKeys(string text)
    {
        try
        {
            var builder = new DbConnectionStringBuilder { ConnectionString = text };
            foreach (var key in builder.Keys.Cast<string>().ToArray())
            {
                if (key.Contains("password", StringComparison.OrdinalIgnoreCase) || key.Equals("pwd", StringComparison.OrdinalIgnoreCase))
                {
                    builder[key] = Secret.Mask;
                }
            }

            return builder.ConnectionString;
        }
        catch (ArgumentException)
        {
            return Secret.Mask;
        }
    }

    private static bool IsPlain(HoconScalar scalar) => scalar.Kind != HoconValueKind.String
        || (scalar.Text.Length > 0
            && scalar.Text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '/')
            && !scalar.Text.Contains("//", StringComparison.Ordinal)
            && HoconScalar.FromUnquoted(scalar.Text, scalar.Origin).Kind != HoconValueKind.Null);

    private void Add(HoconValue value, string path)
    {
        switch (value)
        {
            case HoconObject container:
                foreach (var (key, child) in container.Fields)
                {
                    Add(child, $"{path}.{HoconPath.FormatElement(key)}");
                }

                break;
            case HoconArray array when array.Items.Any(static item => item is not HoconScalar):
                for (var i = 0; i < array.Items.Count; i++)
                {
                    Add(array.Items[i], string.Create(CultureInfo.InvariantCulture, $"{path}.{i}"));
                }

                break;
            case HoconArray array:
                var items = array.Items.Cast<HoconScalar>().Select(item => Format(item, path));
                _settings.Add(new EffectiveSetting(path, $"[{string.Join(", ", items)}]", array.Origin));
                break;
            case HoconScalar scalar:
                _settings.Add(new EffectiveSetting(path, Format(scalar, path), scalar.Origin));
                break;
        }
    }

    private string Format(HoconScalar scalar, string path)
    {
        if (scalar.Text.Length > 0 && _secrets.Contains(path))
        {
            return HoconScalar.Quote(Secret.Mask);
        }

        if (_connectionStrings.Contains(path))
        {
            return HoconScalar.Quote(MaskPassword(scalar.Text));
        }

        return IsPlain(scalar) ? scalar.Text : HoconScalar.Quote(scalar.Text);
    }
}
