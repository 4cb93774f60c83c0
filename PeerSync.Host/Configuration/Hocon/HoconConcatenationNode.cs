namespace PeerSync.Host.Configuration.Hocon;

/// <summary>Values side by side on a line.</summary>
internal sealed class HoconConcatenationNode(List<HoconNode> parts, HoconOrigin origin) : HoconNode(origin)
{
    public List<HoconNode> Parts { get; } = parts;
}
