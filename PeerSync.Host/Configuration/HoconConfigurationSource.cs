using PeerSync.Host.Configuration.Hocon;

namespace PeerSync.Host.Configuration;

/// <summary>Offers resolved HOCON to Microsoft.Extensions.Configuration.</summary>
internal sealed class HoconConfigurationSource : IConfigurationSource
{
    /// <summary>Reads and resolves the values each time the configuration is loaded.</summary>
    public required Func<HoconObject> Read { get; init; }

    public IConfigurationProvider Build(IConfigurationBuilder builder) => new HoconConfigurationProvider(Read);
}
