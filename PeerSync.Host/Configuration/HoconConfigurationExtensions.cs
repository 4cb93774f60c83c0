using PeerSync.Host.Configuration.Hocon;

namespace PeerSync.Host.Configuration;

/// <summary>HOCON as a source of Microsoft.Extensions.Configuration.</summary>
internal static class HoconConfigurationExtensions
{
    /// <summary>Adds values that are resolved already.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="values">The root of the values.</param>
    public static IConfigurationBuilder AddHocon(this IConfigurationBuilder builder, HoconObject values) =>
        builder.Add(new HoconConfigurationSource { Read = () => values });

    /// <summary>Adds a file, read when the configuration is built.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="path">The file.</param>
    /// <param name="environment">Where substitutions are looked for that the file does not have.</param>
    public static IConfigurationBuilder AddHoconFile(this IConfigurationBuilder builder, string path, IReadOnlyDictionary<string, string> environment) =>
        builder.Add(new HoconConfigurationSource { Read = () => HoconDocument.ParseFile(path).Resolve(environment) });

    /// <summary>Tells where the value of a key was written; null when it did not come from HOCON.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="key">The flat key.</param>
    public static HoconOrigin? GetOrigin(this IConfigurationRoot configuration, string key)
    {
        foreach (var provider in configuration.Providers.Reverse())
        {
            if (provider.TryGet(key, out _))
            {
                return provider is HoconConfigurationProvider hocon && hocon.TryGetOrigin(key, out var origin) ? origin : null;
            }
        }

        return null;
    }
}
