namespace PeerSync.Host.Configuration.Hocon;

/// <summary>A value as it was written, before substitutions are resolved.</summary>
internal abstract class HoconNode(HoconOrigin origin)
{
    public HoconOrigin Origin { get; } = origin;
}

/// <summary>A string, number, boolean or null.</summary>
internal sealed class HoconScalarNode(HoconScalar value) : HoconNode(value.Origin)
{
    public HoconScalar Value { get; } = value;
}

/// <summary>White space between the parts of a concatenation: text between simple values, nothing between arrays or objects.</summary>
internal sealed class HoconWhitespaceNode(string text, HoconOrigin origin) : HoconNode(origin)
{
    public string Text { get; } = text;
}

/// <summary>An array literal.</summary>
internal sealed class HoconArrayNode(List<HoconNode> items, HoconOrigin origin) : HoconNode(origin)
{
    public List<HoconNode> Items { get; } = items;
}

/// <summary><c>${path}</c> or <c>${?path}</c>.</summary>
internal sealed class HoconSubstitutionNode(string[] path, string[] includedAt, bool optional, HoconOrigin origin) : HoconNode(origin)
{
    /// <summary>The path as written.</summary>
    public string[] Path { get; } = path;

    /// <summary>The path of the object that includes the file with this substitution: looked under first. Empty at the root.</summary>
    public string[] IncludedAt { get; } = includedAt;

    public bool IsOptional { get; } = optional;
}

/// <summary>What <c>+=</c> appends to: the value of the same field without the assignment that this node is part of, or nothing.</summary>
internal sealed class HoconPreviousNode(HoconOrigin origin) : HoconNode(origin);

/// <summary>Values side by side on a line.</summary>
internal sealed class HoconConcatenationNode(List<HoconNode> parts, HoconOrigin origin) : HoconNode(origin)
{
    public List<HoconNode> Parts { get; } = parts;
}
