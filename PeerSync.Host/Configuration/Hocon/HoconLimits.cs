namespace PeerSync.Host.Configuration.Hocon;

/// <summary>
/// Bounds on what a text can make the reader do. Substitutions can double a value in every line, and nesting takes the stack:
/// without bounds a text of a few hundred bytes could take all memory or end the process.
/// </summary>
internal static class HoconLimits
{
    /// <summary>The largest file or text, in bytes or characters.</summary>
    public const int MaxTextLength = 1024 * 1024;

    /// <summary>The deepest nesting of objects and arrays; each element of a path that is a key counts as one.</summary>
    public const int MaxDepth = 100;

    /// <summary>How far includes may be nested.</summary>
    public const int MaxIncludeDepth = 16;

    /// <summary>How many files one document may include in all.</summary>
    public const int MaxIncludes = 100;

    /// <summary>How far one substitution may lead to others. Each <c>+=</c> on the same key is one.</summary>
    public const int MaxResolutionDepth = 1000;

    /// <summary>How many values and look-ups a resolution may go through.</summary>
    public const int MaxSteps = 2_000_000;

    /// <summary>How many characters, elements and fields concatenations and merges may copy.</summary>
    public const int MaxCopied = 2 * 1024 * 1024;

    /// <summary>How large a resolved value may be: its characters and nested values, each counted wherever it appears.</summary>
    public const int MaxWeight = 16 * 1024 * 1024;
}
