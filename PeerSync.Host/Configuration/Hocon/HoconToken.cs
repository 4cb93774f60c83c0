namespace PeerSync.Host.Configuration.Hocon;

/// <summary>A piece of HOCON text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The text of strings and white space, decoded; as written for all others.</param>
/// <param name="Origin">Where it begins.</param>
internal readonly record struct HoconToken(HoconTokenKind Kind, string Text, HoconOrigin Origin)
{
    /// <summary>Whether the token can be part of a key or a path.</summary>
    public bool IsPathPart => Kind is HoconTokenKind.Unquoted or HoconTokenKind.Quoted or HoconTokenKind.Whitespace;

    /// <summary>How an error names the token.</summary>
    public string Description => Kind switch
    {
        HoconTokenKind.End => "the end of the text",
        HoconTokenKind.NewLine => "the end of the line",
        HoconTokenKind.Whitespace => "white space",
        HoconTokenKind.Quoted => "a quoted string",
        _ => $"'{(Text.Length <= 40 ? Text : Text[..40])}'",
    };
}
