using System.Text;

namespace PeerSync.Protocol.Calls;

/// <summary>Texts as the Calls feature takes them (Calls contract, section 5.2).</summary>
/// <remarks>Pure functions in time linear in the text, safe on any thread.</remarks>
public static class CallsText
{
    private const string ScriptStart = "<script";
    private const string ScriptEnd = "</script>";
    private const string ScriptScheme = "javascript:";

    /// <summary>The length as the original's rules count it: UTF-16 units, but a surrogate pair as one.</summary>
    public static int Length(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var length = text.Length;
        for (var i = 1; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text[i - 1], text[i]))
            {
                length--;
                i++;
            }
        }

        return length;
    }

    /// <summary>
    /// A text without script elements, tags, the text <c>javascript:</c>, event handler attributes and control characters, trimmed. Each is taken out once, in this
    /// order: what a client shows it must show as text all the same.
    /// </summary>
    public static string Sanitise(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return WithoutControls(WithoutHandlers(WithoutTags(WithoutScripts(text)).Replace(ScriptScheme, string.Empty, StringComparison.OrdinalIgnoreCase))).Trim();
    }

    private static string WithoutScripts(string text)
    {
        var start = FindScript(text, 0);
        if (start < 0)
        {
            return text;
        }

        var kept = new StringBuilder(text.Length);
        var from = 0;
        while (start >= 0)
        {
            var end = text.IndexOf(ScriptEnd, start, StringComparison.OrdinalIgnoreCase);
            if (end < 0)
            {
                break;
            }

            kept.Append(text, from, start - from);
            from = end + ScriptEnd.Length;
            start = FindScript(text, from);
        }

        return kept.Append(text, from, text.Length - from).ToString();
    }

    private static int FindScript(string text, int from)
    {
        while (true)
        {
            var start = text.IndexOf(ScriptStart, from, StringComparison.OrdinalIgnoreCase);
            if (start < 0 || start + ScriptStart.Length == text.Length || !IsWordCharacter(text[start + ScriptStart.Length]))
            {
                return start;
            }

            from = start + ScriptStart.Length;
        }
    }

    private static string WithoutTags(string text)
    {
        var start = text.IndexOf('<', StringComparison.Ordinal);
        if (start < 0)
        {
            return text;
        }

        var kept = new StringBuilder(text.Length);
        var from = 0;
        while (start >= 0)
        {
            var end = text.IndexOf('>', start);
            if (end < 0)
            {
                break;
            }

            kept.Append(text, from, start - from);
            from = end + 1;
            start = text.IndexOf('<', from);
        }

        return kept.Append(text, from, text.Length - from).ToString();
    }

    private static string WithoutHandlers(string text)
    {
        if (!text.Contains('='))
        {
            return text;
        }

        var kept = new StringBuilder(text.Length);
        var i = 0;
        while (i < text.Length)
        {
            var end = i;
            while (end < text.Length && IsWordCharacter(text[end]))
            {
                end++;
            }

            if (end == i)
            {
                kept.Append(text[i++]);
                continue;
            }

            // "on" anywhere in the word before the sign, with at least one letter behind it.
            var handler = end < text.Length && text[end] == '=' ? text.IndexOf("on", i, end - i, StringComparison.OrdinalIgnoreCase) : -1;
            if (handler >= 0 && handler + 2 < end)
            {
                kept.Append(text, i, handler - i);
                i = end + 1;
            }
            else
            {
                kept.Append(text, i, end - i);
                i = end;
            }
        }

        return kept.ToString();
    }

    private static string WithoutControls(string text)
    {
        foreach (var unit in text)
        {
            if (IsUnwanted(unit))
            {
                return string.Concat(text.Where(static unit => !IsUnwanted(unit)));
            }
        }

        return text;
    }

    private static bool IsUnwanted(char unit) => char.IsControl(unit) && unit is not ('\t' or '\n' or '\r');

    private static bool IsWordCharacter(char unit) => char.IsAsciiLetterOrDigit(unit) || unit == '_';
}
