namespace PeerSync.Host.Sync;

/// <summary>Cuts texts to a number of UTF-16 units, as JavaScript counts.</summary>
internal static class TextCut
{
    /// <summary>The text, cut to at most so many units, and one fewer where a surrogate pair would be cut apart.</summary>
    public static string To(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        return char.IsHighSurrogate(text[length - 1]) ? text[..(length - 1)] : text[..length];
    }
}
