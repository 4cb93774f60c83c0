using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace PeerSync.Host.Configuration.Hocon;

/// <summary>An object of resolved values, in the order in which its keys were first written.</summary>
internal sealed class HoconObject : HoconValue
{
    private readonly OrderedDictionary<string, HoconValue> _fields;

    public HoconObject(OrderedDictionary<string, HoconValue> fields, HoconOrigin origin)
        : base(HoconValueKind.Object, origin, 1 + fields.Sum(static field => field.Key.Length + field.Value.Weight))
    {
        _fields = fields;
    }

    /// <summary>The fields in order.</summary>
    public IReadOnlyList<KeyValuePair<string, HoconValue>> Fields => _fields;

    /// <summary>Looks up one key, which is taken literally.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">Its value.</param>
    public bool TryGetValue(string key, [NotNullWhen(true)] out HoconValue? value) => _fields.TryGetValue(key, out value);

    /// <summary>Follows keys through nested objects; null where there is nothing.</summary>
    /// <param name="path">The keys, each taken literally.</param>
    public HoconValue? Find(params ReadOnlySpan<string> path)
    {
        HoconValue value = this;
        foreach (var key in path)
        {
            if (value is not HoconObject container || !container.TryGetValue(key, out var next))
            {
                return null;
            }

            value = next;
        }

        return value;
    }

    /// <summary>
    /// The values under numeric keys, in the order of the numbers: what an object stands for where an array is expected.
    /// Null when there are none.
    /// </summary>
    public HoconArray? ToArray()
    {
        var items = new List<(int Index, HoconValue Value)>();
        foreach (var (key, value) in _fields)
        {
            if (int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            {
                items.Add((index, value));
            }
        }

        return items.Count == 0 ? null : new HoconArray([.. items.OrderBy(static item => item.Index).Select(static item => item.Value)], Origin);
    }
}
