using System.Globalization;
using System.Text;

namespace PeerSync.Host.Configuration.Hocon;

/// <summary>Splits HOCON text into tokens.</summary>
internal sealed class HoconTokenizer(string text, string source)
{
    private const string TripleQuote = "\"\"\"";

    private readonly StringBuilder _buffer = new();
    private int _position;
    private int _line = 1;
    private int _lineStart;

    private HoconOrigin Here => new(source, _line, _position - _lineStart + 1);

    /// <summary>Takes the next token; at the end of the text always <see cref="HoconTokenKind.End"/>.</summary>
    /// <exception cref="HoconException">No token can begin here.</exception>
    public HoconToken Next()
    {
        SkipComment();
        var origin = Here;
        if (_position >= text.Length)
        {
            return new HoconToken(HoconTokenKind.End, string.Empty, origin);
        }

        var c = text[_position];
        switch (c)
        {
            case '\n':
                var newLine = new HoconToken(HoconTokenKind.NewLine, "\n", origin);
                Advance();
                return newLine;
            case '"':
                return new HoconToken(HoconTokenKind.Quoted, StartsWith(TripleQuote) ? ReadTripleQuoted(origin) : ReadQuoted(origin), origin);
            case ',':
                return Symbol(HoconTokenKind.Comma, 1, origin);
            case ':':
                return Symbol(HoconTokenKind.Colon, 1, origin);
            case '=':
                return Symbol(HoconTokenKind.EqualsSign, 1, origin);
            case '{':
                return Symbol(HoconTokenKind.OpenBrace, 1, origin);
            case '}':
                return Symbol(HoconTokenKind.CloseBrace, 1, origin);
            case '[':
                return Symbol(HoconTokenKind.OpenBracket, 1, origin);
            case ']':
                return Symbol(HoconTokenKind.CloseBracket, 1, origin);
            case '+' when StartsWith("+="):
                return Symbol(HoconTokenKind.PlusEquals, 2, origin);
            case '$' when StartsWith("${?"):
                return Symbol(HoconTokenKind.OptionalSubstitution, 3, origin);
            case '$' when StartsWith("${"):
                return Symbol(HoconTokenKind.Substitution, 2, origin);
            default:
                return IsWhitespace(c) ? ReadWhitespace(origin) : ReadUnquoted(origin);
        }
    }

    private static bool IsWhitespace(char c) => c switch
    {
        '\t' or '\v' or '\f' or '\r' or (>= '\u001c' and <= '\u001f') or '\ufeff' => true,
        _ => char.GetUnicodeCategory(c) is UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator,
    };

    private static bool IsForbiddenUnquoted(char c) => "$\"{}[]:=,+#`^?!@*&\\\n".Contains(c) || IsWhitespace(c);

    private static bool IsNumberStart(char c) => c is '-' or (>= '0' and <= '9');

    private bool StartsWith(string value) => text.AsSpan(_position).StartsWith(value, StringComparison.Ordinal);

    private void Advance()
    {
        if (text[_position++] == '\n')
        {
            _line++;
            _lineStart = _position;
        }
    }

    private HoconToken Symbol(HoconTokenKind kind, int length, HoconOrigin origin)
    {
        var start = _position;
        _position += length;
        return new HoconToken(kind, text.Substring(start, length), origin);
    }

    private void SkipComment()
    {
        if (_position < text.Length && (text[_position] == '#' || StartsWith("//")))
        {
            var end = text.IndexOf('\n', _position);
            _position = end < 0 ? text.Length : end;
        }
    }

    private HoconToken ReadWhitespace(HoconOrigin origin)
    {
        var start = _position;
        while (_position < text.Length && text[_position] != '\n' && IsWhitespace(text[_position]))
        {
            _position++;
        }

        return new HoconToken(HoconTokenKind.Whitespace, text[start.._position], origin);
    }

    private HoconToken ReadUnquoted(HoconOrigin origin)
    {
        var start = _position;
        var maybeNumber = IsNumberStart(text[start]);
        while (_position < text.Length && !StartsWith("//"))
        {
            var c = text[_position];

            // The sign of a JSON exponent is the one place where a forbidden character belongs to a plain value.
            var exponentSign = c == '+' && maybeNumber && _position > start && text[_position - 1] is 'e' or 'E'
                && _position + 1 < text.Length && char.IsAsciiDigit(text[_position + 1]);
            if (IsForbiddenUnquoted(c) && !exponentSign)
            {
                break;
            }

            _position++;
        }

        if (_position == start)
        {
            throw new HoconException(origin, $"the character '{text[start]}' must be quoted");
        }

        return new HoconToken(HoconTokenKind.Unquoted, text[start.._position], origin);
    }

    private string ReadTripleQuoted(HoconOrigin origin)
    {
        var start = _position + TripleQuote.Length;
        var end = text.IndexOf(TripleQuote, start, StringComparison.Ordinal);
        if (end < 0)
        {
            throw new HoconException(origin, "the triple-quoted string has no end");
        }

        // Of more than three closing quotes the last three close, the others belong to the string.
        while (end + TripleQuote.Length < text.Length && text[end + TripleQuote.Length] == '"')
        {
            end++;
        }

        while (_position < end + TripleQuote.Length)
        {
            Advance();
        }

        return text[start..end];
    }

    private string ReadQuoted(HoconOrigin origin)
    {
        _buffer.Clear();
        _position++;
        while (_position < text.Length)
        {
            var c = text[_position];
            switch (c)
            {
                case '"':
                    _position++;
                    return _buffer.ToString();
                case '\\':
                    ReadEscape();
                    break;
                case < ' ':
                    throw new HoconException(Here, c == '\n'
                        ? "the quoted string does not end on its line"
                        : "a quoted string cannot hold a control character; write it as \\u and four digits");
                default:
                    _buffer.Append(c);
                    _position++;
                    break;
            }
        }

        throw new HoconException(origin, "the quoted string has no end");
    }

    private void ReadEscape()
    {
        var origin = Here;
        _position++;
        var c = _position < text.Length ? text[_position++] : '\0';
        switch (c)
        {
            case '"' or '\\' or '/':
                _buffer.Append(c);
                break;
            case 'b':
                _buffer.Append('\b');
                break;
            case 'f':
                _buffer.Append('\f');
                break;
            case 'n':
                _buffer.Append('\n');
                break;
            case 'r':
                _buffer.Append('\r');
                break;
            case 't':
                _buffer.Append('\t');
                break;
            case 'u' when _position + 4 <= text.Length
                && ushort.TryParse(text.AsSpan(_position, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                _buffer.Append((char)code);
                _position += 4;
                break;
            default:
                throw new HoconException(
                    origin,
                    "a backslash in a quoted string must be followed by one of \" \\ / b f n r t, or by u and four hexadecimal digits");
        }
    }
}
