using System.Text.RegularExpressions;
using PeerSync.Host.Configuration;
using PeerSync.Tests.Configuration.Hocon;

namespace PeerSync.Tests.Configuration;

/// <summary>docs/spec/configuration.md says what hocon/peersync.conf says.</summary>
public sealed partial class ConfigurationDocumentTests
{
    [Fact]
    public void The_tables_list_every_setting_with_its_default_and_its_variables()
    {
        var variablesBySetting = VariablesBySetting();
        var expected = PeerSyncConfiguration.Load(null, HoconText.NoEnvironment).Effective!.Settings
            .Select(s => $"{s.Path} = {s.Value} <- {string.Join(", ", variablesBySetting[s.Path])}");

        var documented = File.ReadLines(Path.Combine(RepositoryRoot(), "docs", "spec", "configuration.md"))
            .Select(static line => TableRow().Match(line))
            .Where(static match => match.Success)
            .Select(static match => $"{match.Groups["path"]} = {match.Groups["value"]} <- {match.Groups["variables"].Value.Replace("`", "").Trim()}");

        Assert.Equal(expected, documented);
    }

    [Fact]
    public void The_embedded_defaults_are_the_file_in_the_repository() =>
        Assert.Equal(File.ReadAllText(Path.Combine(RepositoryRoot(), "hocon", "peersync.conf")), PeerSyncConfiguration.ReadDefaults());

    [Fact]
    public void Every_group_of_settings_in_the_file_begins_with_its_reason()
    {
        var explained = false;
        foreach (var line in PeerSyncConfiguration.ReadDefaults().Split('\n').Select(static line => line.Trim()))
        {
            if (line.StartsWith('#'))
            {
                explained = true;
            }
            else if (line.Length == 0)
            {
                // What was said holds until here.
                explained = false;
            }
            else if (line.Contains(" = ", StringComparison.Ordinal))
            {
                Assert.True(explained, $"no comment tells the reason of: {line}");
            }
        }
    }

    /// <summary>Which variables each setting takes: those whose value arrives there when nothing else is set.</summary>
    private static Dictionary<string, List<string>> VariablesBySetting()
    {
        var settingsByDefault = PeerSyncConfiguration.Load(null, HoconText.NoEnvironment).Effective!.Settings;
        var result = settingsByDefault.ToDictionary(static s => s.Path, static _ => new List<string>());
        var variables = Variable().Matches(PeerSyncConfiguration.ReadDefaults()).Select(static match => match.Groups[1].Value);

        // The file's own explanation speaks of NAME.
        foreach (var variable in variables.Where(static name => name != "NAME").Distinct())
        {
            var loaded = PeerSyncConfiguration.Load(null, new Dictionary<string, string> { [variable] = "9" });
            var settings = loaded.Effective!.Settings.Where(s => s.Origin.ToString() == $"environment {variable}").ToList();
            Assert.NotEmpty(settings);
            settings.ForEach(s => result[s.Path].Add(variable));
        }

        return result;
    }

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "PeerSync.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }

        return folder;
    }

    [GeneratedRegex(@"^\| `(?<path>peersync\.[^`]+)` \| `(?<value>[^`]*)` \|(?<variables>[^|]*)\|")]
    private static partial Regex TableRow();

    [GeneratedRegex(@"\$\{\?(\w+)\}")]
    private static partial Regex Variable();
}
