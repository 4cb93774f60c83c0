namespace PeerSync.Host.Configuration;

/// <summary><c>peersync check-config</c>: shows what the configuration comes to, without starting anything.</summary>
internal static class CheckConfigCommand
{
    /// <summary>Writes one line a setting to the output, or one line a fault to the error output.</summary>
    /// <param name="configFile">The file of <c>--config</c>; null when there is none.</param>
    /// <param name="environment">The environment variables.</param>
    /// <param name="output">Takes the settings.</param>
    /// <param name="error">Takes the faults.</param>
    /// <returns>The exit code: 0 when the server could start with this configuration, otherwise 1.</returns>
    public static int Run(string? configFile, IReadOnlyDictionary<string, string> environment, TextWriter output, TextWriter error)
    {
        var configuration = PeerSyncConfiguration.Load(configFile, environment);
        if (configuration.IsValid)
        {
            configuration.Effective.WriteTo(output);
            return 0;
        }

        foreach (var fault in configuration.Faults)
        {
            error.WriteLine(fault);
        }

        return 1;
    }
}
