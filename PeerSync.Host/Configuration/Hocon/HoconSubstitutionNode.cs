namespace PeerSync.Host.Configuration.Hocon;

/// <summary><c>${path}</c> or <c>${?path}</c>.</summary>
internal sealed class HoconSubstitutionNode(string[] path, string[] includedAt, bool optional, HoconOrigin origin) : HoconNode(origin)
{
    /// <summary>The path as written.</summary>
    public string[] Path { get; } = path;

    /// <summary>The path of the object that includes the file with this substitution: looked under first. Empty at the root.</summary>
    public string[] IncludedAt { get; } = includedAt;

    public bool IsOptional { get; } = optional;
}
