using System.Text;

namespace PeerSync.Storage;

/// <summary>What text both engines can hold: UTF-8 has no unpaired surrogates, and PostgreSQL no U+0000.</summary>
internal static class StorableText
{
    /// <summary>Whether the text can be stored as it is.</summary>
    public static bool IsStorable(ReadOnlySpan<char> text)
    {
        if (text.Contains('\0'))
        {
            return false;
        }

        // Nearly no text has surrogates at all.
        var first = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        while (first >= 0)
        {
            text = text[first..];
            if (Rune.DecodeFromUtf16(text, out _, out var consumed) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            text = text[consumed..];
            first = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        }

        return true;
    }

    /// <summary>The text with U+FFFD in place of what cannot be stored; null stays null.</summary>
    public static string? Clean(string? text)
    {
        if (text is null || IsStorable(text))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            clean.Append(rune.Value == 0 ? Rune.ReplacementChar.ToString() : rune.ToString());
        }

        return clean.ToString();
    }
}
