using System.Globalization;
using PeerSync.Host.Configuration.Hocon;

namespace PeerSync.Host.Configuration;

/// <summary>Lays resolved HOCON out as flat keys: <c>:</c> between the elements of a path, elements of arrays by their index.</summary>
/// <remarks>Values are as they were written: <c>10s</c> stays <c>10s</c>. An empty array is an empty text, an empty object and null have no value.</remarks>
internal sealed class HoconConfigurationProvider(Func<HoconObject> read) : ConfigurationProvider
{
    private Dictionary<string, HoconOrigin> _origins = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads and resolves the values.</summary>
    /// <exception cref="HoconException">The text cannot be read or resolved, or two keys differ in letter case only.</exception>
    public override void Load()
    {
        var data = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var origins = new Dictionary<string, HoconOrigin>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in read().Fields)
        {
            Add(key, value, data, origins);
        }

        Data = data;
        _origins = origins;
    }

    /// <summary>Tells where a value was written.</summary>
    /// <param name="key">The flat key.</param>
    /// <param name="origin">The origin, when this provider has the key.</param>
    public bool TryGetOrigin(string key, out HoconOrigin origin) => _origins.TryGetValue(key, out origin);

    private static void Add(string key, HoconValue value, Dictionary<string, string?> data, Dictionary<string, HoconOrigin> origins)
    {
        switch (value)
        {
            case HoconObject { Fields.Count: > 0 } container:
                foreach (var (name, child) in container.Fields)
                {
                    Add(ConfigurationPath.Combine(key, name), child, data, origins);
                }

                break;
            case HoconArray { Items.Count: > 0 } array:
                for (var i = 0; i < array.Items.Count; i++)
                {
                    Add(ConfigurationPath.Combine(key, i.ToString(CultureInfo.InvariantCulture)), array.Items[i], data, origins);
                }

                break;
            default:
                var text = value switch
                {
                    HoconArray => string.Empty,
                    HoconScalar { Kind: not HoconValueKind.Null } scalar => scalar.Text,
                    _ => null,
                };
                if (!data.TryAdd(key, text))
                {
                    throw new HoconException(value.Origin, $"the key '{key}' is there twice once letter case and colons are ignored");
                }

                origins.Add(key, value.Origin);
                break;
        }
    }
}
