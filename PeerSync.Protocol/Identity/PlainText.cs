namespace PeerSync.Protocol.Identity;

/// <summary>Names that clients choose for themselves.</summary>
internal static class PlainText
{
    /// <summary>Whether a text may be a name: not empty, not too long, no control characters, no lone surrogate. Two such names are equal if their units are.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxLength">The longest name, in UTF-16 code units.</param>
    public static bool IsName(ReadOnlySpan<char> text, int maxLength)
    {
        if (text.IsEmpty || text.Length > maxLength)
        {
            return false;
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]) || (char.IsSurrogate(text[i]) && !(char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[++i]))))
            {
                return false;
            }
        }

        return true;
    }
}
