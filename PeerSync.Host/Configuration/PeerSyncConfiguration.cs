using System.Diagnostics.CodeAnalysis;
using PeerSync.Host.Configuration.Hocon;

namespace PeerSync.Host.Configuration;

/// <summary>The outcome of reading the configuration: options to start with, or every reason not to.</summary>
internal sealed class PeerSyncConfiguration
{
    /// <summary>The name of the file with the defaults in origins.</summary>
    public const string DefaultsSource = "built-in peersync.conf";

    private const string RootKey = "peersync";

    private PeerSyncConfiguration(PeerSyncOptions? options, IReadOnlyList<ConfigurationFault> faults, EffectiveConfiguration? effective, HoconObject? values)
    {
        Options = faults.Count == 0 ? options : null;
        Faults = faults;
        Effective = effective;
        Values = values;
    }

    /// <summary>The options; null when there are faults.</summary>
    public PeerSyncOptions? Options { get; }

    /// <summary>All faults, in the order of the settings.</summary>
    public IReadOnlyList<ConfigurationFault> Faults { get; }

    /// <summary>The settings for showing; null when the text itself is at fault.</summary>
    public EffectiveConfiguration? Effective { get; }

    /// <summary>The resolved tree, root and all, secrets unmasked; null when the text itself is at fault.</summary>
    public HoconObject? Values { get; }

    /// <summary>Whether the server can start.</summary>
    [MemberNotNullWhen(true, nameof(Options), nameof(Effective), nameof(Values))]
    public bool IsValid => Options is not null;

    /// <summary>Reads the defaults, a file over them if there is one, and the environment where they refer to it.</summary>
    /// <param name="configFile">The file of <c>--config</c>; null when there is none.</param>
    /// <param name="environment">The environment variables. Empty ones count as not set, since container tools pass on unset ones that way.</param>
    public static PeerSyncConfiguration Load(string? configFile, IReadOnlyDictionary<string, string> environment) =>
        Load(configFile is null ? null : () => HoconDocument.ParseFile(configFile), environment);

    /// <summary>As <see cref="Load(string?, IReadOnlyDictionary{string, string})"/>, with a text in the place of the file.</summary>
    /// <param name="overrides">The text over the defaults.</param>
    /// <param name="environment">The environment variables.</param>
    public static PeerSyncConfiguration LoadText(string overrides, IReadOnlyDictionary<string, string> environment) =>
        Load(() => HoconDocument.ParseText(overrides, "overrides"), environment);

    /// <summary>The text of the file with the defaults.</summary>
    public static string ReadDefaults()
    {
        using var stream = typeof(PeerSyncConfiguration).Assembly.GetManifestResourceStream("peersync.conf")
            ?? throw new InvalidOperationException("The server was built without its peersync.conf.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static PeerSyncConfiguration Load(Func<HoconDocument>? overrides, IReadOnlyDictionary<string, string> environment)
    {
        var findings = new SettingsFindings();
        HoconObject values;
        try
        {
            var document = HoconDocument.ParseText(ReadDefaults(), DefaultsSource);
            if (overrides is not null)
            {
                document = document.OverriddenBy(overrides());
            }

            values = document.Resolve(environment.Where(static variable => variable.Value.Length > 0).ToDictionary());
        }
        catch (HoconException e)
        {
            var place = e.Origin.Line == 0 ? string.Empty : $"column {e.Origin.Column}: ";
            findings.Fault(string.Empty, e.Origin, place + e.Reason);
            return new PeerSyncConfiguration(null, findings.Faults, null, null);
        }

        if (values.Find(RootKey) is not HoconObject settings)
        {
            findings.Fault(RootKey, values.Find(RootKey)?.Origin, "must be a section in braces");
            return new PeerSyncConfiguration(null, findings.Faults, null, values);
        }

        foreach (var (key, value) in values.Fields)
        {
            // Other keys at the root are names of the operator's own; these are settings that miss their section.
            if (key != RootKey && settings.TryGetValue(key, out _))
            {
                findings.Fault(HoconPath.FormatElement(key), value.Origin, $"belongs into the section '{RootKey}'");
            }
        }

        var reader = new SettingsReader(settings, RootKey, findings);
        var options = PeerSyncOptionsBinder.Bind(reader);
        reader.RefuseUnknownKeys();
        if (findings.Faults.Count == 0)
        {
            // Rules between settings make sense only for settings that make sense alone.
            PeerSyncOptionsValidator.Validate(options, settings, findings);
        }

        var effective = new EffectiveConfiguration(settings, RootKey, findings.Secrets, findings.ConnectionStrings);
        return new PeerSyncConfiguration(options, findings.Faults, effective, values);
    }
}
