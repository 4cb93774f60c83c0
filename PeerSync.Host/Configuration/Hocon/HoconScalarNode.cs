namespace PeerSync.Host.Configuration.Hocon;

/// <summary>A string, number, boolean or null.</summary>
internal sealed class HoconScalarNode(HoconScalar value) : HoconNode(value.Origin)
{
    public HoconScalar Value { get; } = value;
}
