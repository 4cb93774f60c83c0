namespace PeerSync.Host.Configuration.Hocon;

/// <summary>A HOCON text as it was written: merged with what it includes, its substitutions not yet resolved. Immutable.</summary>
/// <remarks>Follows the HOCON specification of lightbend/config. The root is always an object, and only files can be included.</remarks>
internal sealed class HoconDocument
{
    private readonly HoconObjectNode _root;

    private HoconDocument(HoconObjectNode root)
    {
        _root = root;
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">Its name in origins and errors.</param>
    /// <exception cref="HoconException">The text is not valid.</exception>
    public static HoconDocument ParseText(string text, string source) => new(new HoconParser(text, source, null, [], 0, new HoconIncluder()).ParseRoot());

    /// <summary>Reads a file and the files that it includes.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="HoconException">A file cannot be read or is not valid.</exception>
    public static HoconDocument ParseFile(string path) => new(new HoconIncluder().ParseFile(path));

    /// <summary>Puts another document over this one, as if its text followed.</summary>
    /// <param name="upper">The document whose values win.</param>
    public HoconDocument OverriddenBy(HoconDocument upper)
    {
        var merged = _root.Copy();
        merged.Merge(upper._root.Copy());
        return new HoconDocument(merged);
    }

    /// <summary>Replaces all substitutions.</summary>
    /// <param name="environment">Where a path is looked for that the document does not have.</param>
    /// <exception cref="HoconException">A substitution has no value or is part of a circle, or values of different types are concatenated.</exception>
    public HoconObject Resolve(IReadOnlyDictionary<string, string> environment) => new HoconResolver(_root, environment).Resolve();
}
