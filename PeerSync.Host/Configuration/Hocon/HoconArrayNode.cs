namespace PeerSync.Host.Configuration.Hocon;

/// <summary>An array literal.</summary>
internal sealed class HoconArrayNode(List<HoconNode> items, HoconOrigin origin) : HoconNode(origin)
{
    public List<HoconNode> Items { get; } = items;
}
