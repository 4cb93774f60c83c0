using System.Text;

namespace PeerSync.Host.Configuration.Hocon;

/// <summary>Path expressions: <c>a.b."c.d"</c>.</summary>
internal static class HoconPath
{
    /// <summary>Splits the tokens of a key or a substitution at the dots outside quotes.</summary>
    /// <param name="tokens">Tokens that are path parts; white space around them is dropped, white space between them kept.</param>
    /// <param name="origin">Where the path begins.</param>
    /// <exception cref="HoconException">The path or one of its elements is empty, or it is longer than <see cref="HoconLimits.MaxDepth"/>.</exception>
    public static string[] Parse(List<HoconToken> tokens, HoconOrigin origin)
    {
        var first = tokens.FindIndex(static token => token.Kind != HoconTokenKind.Whitespace);
        var last = tokens.FindLastIndex(static token => token.Kind != HoconTokenKind.Whitespace);
        if (first < 0)
        {
            throw new HoconException(origin, "a path is missing");
        }

        var elements = new List<string>();
        var element = new StringBuilder();
        var quoted = false;
        for (var i = first; i <= last; i++)
        {
            var token = tokens[i];
            if (token.Kind != HoconTokenKind.Unquoted)
            {
                quoted |= token.Kind == HoconTokenKind.Quoted;
                element.Append(token.Text);
                continue;
            }

            foreach (var c in token.Text)
            {
                if (c == '.')
                {
                    EndElement(token.Origin);
                }
                else
                {
                    element.Append(c);
                }
            }
        }

        EndElement(origin);
        if (elements.Count > HoconLimits.MaxDepth)
        {
            throw new HoconException(origin, $"the path has more than {HoconLimits.MaxDepth} elements");
        }

        return [.. elements];

        void EndElement(HoconOrigin place)
        {
            if (element.Length == 0 && !quoted)
            {
                throw new HoconException(place, "a path cannot begin or end with a dot nor have two in a row; quote an empty element as \"\"");
            }

            elements.Add(element.ToString());
            element.Clear();
            quoted = false;
        }
    }

    /// <summary>Writes a path so that <see cref="Parse"/> would read it back.</summary>
    /// <param name="elements">The path.</param>
    public static string Format(IEnumerable<string> elements) => string.Join('.', elements.Select(FormatElement));

    /// <summary>Writes one element of a path, quoted where it has to be.</summary>
    /// <param name="element">The element.</param>
    public static string FormatElement(string element)
    {
        var plain = element.Length > 0 && element.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
        return plain ? element : HoconScalar.Quote(element);
    }
}
