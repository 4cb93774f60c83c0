using PeerSync.Host.Configuration.Hocon;

namespace PeerSync.Host.Configuration;

/// <summary>What reading the settings brought to light beside their values.</summary>
internal sealed class SettingsFindings
{
    public List<ConfigurationFault> Faults { get; } = [];

    /// <summary>The paths of settings that are never shown.</summary>
    public HashSet<string> Secrets { get; } = new(StringComparer.Ordinal);

    /// <summary>The paths of settings in which a password may stand.</summary>
    public HashSet<string> ConnectionStrings { get; } = new(StringComparer.Ordinal);

    public void Fault(string path, HoconOrigin? origin, string message) => Faults.Add(new ConfigurationFault(path, origin, message));
}
