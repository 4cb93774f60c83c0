namespace PeerSync.Host.Configuration.Hocon;

/// <summary>An array of resolved values.</summary>
internal sealed class HoconArray : HoconValue
{
    public HoconArray(IReadOnlyList<HoconValue> items, HoconOrigin origin)
        : base(HoconValueKind.Array, origin, 1 + items.Sum(static item => item.Weight))
    {
        Items = items;
    }

    public IReadOnlyList<HoconValue> Items { get; }
}
