namespace PeerSync.Host.Configuration.Hocon;

/// <summary>A resolved value: no substitution is left in it. Immutable.</summary>
internal abstract class HoconValue
{
    private protected HoconValue(HoconValueKind kind, HoconOrigin origin, long weight)
    {
        Kind = kind;
        Origin = origin;
        Weight = weight;
    }

    public HoconValueKind Kind { get; }

    /// <summary>Where the value was written, which may be another place than where it is used.</summary>
    public HoconOrigin Origin { get; }

    /// <summary>The size of the value written out, with shared parts counted wherever they appear.</summary>
    public long Weight { get; }
}
