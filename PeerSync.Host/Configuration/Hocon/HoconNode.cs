namespace PeerSync.Host.Configuration.Hocon;

/// <summary>A value as it was written, before substitutions are resolved.</summary>
internal abstract class HoconNode(HoconOrigin origin)
{
    public HoconOrigin Origin { get; } = origin;
}
