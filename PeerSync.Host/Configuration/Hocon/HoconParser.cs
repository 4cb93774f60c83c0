namespace PeerSync.Host.Configuration.Hocon;

/// <summary>Turns one text into a tree of nodes.</summary>
/// <param name="text">The text.</param>
/// <param name="source">Its name in origins.</param>
/// <param name="directory">Where relative includes are looked for; null when the text is not a file.</param>
/// <param name="includedAt">The path of the object that includes this text; empty at the root.</param>
/// <param name="depth">How deep that object is, which its path does not tell when it is inside an array.</param>
/// <param name="includer">Reads included files.</param>
internal sealed class HoconParser(string text, string source, string? directory, string[] includedAt, int depth, HoconIncluder includer)
{
    private const string LongestIncludeWrapper = "required(classpath(";

    private readonly HoconTokenizer _tokenizer = new(text, source);
    private readonly List<HoconToken> _pathTokens = [];
    private HoconToken _token;

    /// <summary>Parses the text, whose root is an object with or without braces.</summary>
    /// <exception cref="HoconException">The text is not valid.</exception>
    public HoconObjectNode ParseRoot()
    {
        if (text.Length > HoconLimits.MaxTextLength)
        {
            throw new HoconException(HoconOrigin.Whole(source), $"the text is longer than {HoconLimits.MaxTextLength} characters");
        }

        Take();
        SkipBlank();
        if (_token.Kind == HoconTokenKind.OpenBracket)
        {
            throw new HoconException(_token.Origin, "the root is an array; settings need an object");
        }

        if (_token.Kind != HoconTokenKind.OpenBrace)
        {
            var bare = new HoconObjectNode(_token.Origin);
            ParseFields(bare, includedAt, depth, null);
            return bare;
        }

        var root = ParseObject(includedAt, depth - 1);
        SkipBlank();
        return _token.Kind == HoconTokenKind.End
            ? root
            : throw new HoconException(_token.Origin, $"nothing may follow the closing brace of the root, found {_token.Description}");
    }

    private static HoconScalarNode SimpleNode(HoconToken token) => new(token.Kind == HoconTokenKind.Unquoted
        ? HoconScalar.FromUnquoted(token.Text, token.Origin)
        : HoconScalar.FromString(token.Text, token.Origin));

    private HoconToken Take()
    {
        var taken = _token;
        _token = _tokenizer.Next();
        return taken;
    }

    /// <summary>Skips white space and comments, newlines included; tells whether there was a newline.</summary>
    private bool SkipBlank()
    {
        var newLine = false;
        while (_token.Kind is HoconTokenKind.Whitespace or HoconTokenKind.NewLine)
        {
            newLine |= _token.Kind == HoconTokenKind.NewLine;
            Take();
        }

        return newLine;
    }

    private HoconObjectNode ParseObject(string[]? path, int nesting)
    {
        CheckDepth(nesting + 1);
        var open = Take();
        var result = new HoconObjectNode(open.Origin);
        ParseFields(result, path, nesting + 1, open);
        return result;
    }

    /// <param name="target">Takes the fields.</param>
    /// <param name="path">The path of the target; null inside an array, where no path leads.</param>
    /// <param name="nesting">How deep the fields are.</param>
    /// <param name="open">The brace to be closed; null where the text ends instead.</param>
    private void ParseFields(HoconObjectNode target, string[]? path, int nesting, HoconToken? open)
    {
        SkipBlank();
        while (true)
        {
            switch (_token.Kind)
            {
                case HoconTokenKind.End when open is null:
                    return;
                case HoconTokenKind.End:
                    throw new HoconException(open.Value.Origin, "this brace is never closed");
                case HoconTokenKind.CloseBrace when open is not null:
                    Take();
                    return;
                case HoconTokenKind.CloseBrace:
                    throw new HoconException(_token.Origin, "this brace closes nothing");
            }

            ParseField(target, path, nesting);
            EndElement(open is null ? HoconTokenKind.End : HoconTokenKind.CloseBrace);
        }
    }

    /// <summary>Takes what separates fields and elements: one comma, or at least one newline, or the end of the container.</summary>
    private void EndElement(HoconTokenKind close)
    {
        var newLine = SkipBlank();
        if (_token.Kind == HoconTokenKind.Comma)
        {
            Take();
            SkipBlank();
        }
        else if (!newLine && _token.Kind != close && _token.Kind != HoconTokenKind.End)
        {
            throw new HoconException(_token.Origin, $"expected a comma or a new line, found {_token.Description}{QuotingAdvice()}");
        }
    }

    private void ParseField(HoconObjectNode target, string[]? path, int nesting)
    {
        var origin = _token.Origin;
        if (_token is { Kind: HoconTokenKind.Unquoted, Text: "include" })
        {
            ParseInclude(target, path, origin, nesting);
            return;
        }

        var key = ParsePath("a key");
        CheckDepth(nesting + key.Length);
        SkipBlank();
        var appends = _token.Kind == HoconTokenKind.PlusEquals;
        if (_token.Kind is HoconTokenKind.Colon or HoconTokenKind.EqualsSign or HoconTokenKind.PlusEquals)
        {
            Take();
            SkipBlank();
        }
        else if (_token.Kind != HoconTokenKind.OpenBrace)
        {
            throw new HoconException(_token.Origin, $"the key {HoconPath.Format(key)} needs '=', ':' or '{{', found {_token.Description}");
        }

        string[]? valuePath = path is null ? null : [.. path, .. key];
        if (!appends)
        {
            target.Assign(key, ParseValue(valuePath, nesting + key.Length - 1));
            return;
        }

        CheckDepth(nesting + key.Length + 1);
        var element = ParseValue(null, nesting + key.Length);
        target.Assign(key, new HoconConcatenationNode([new HoconPreviousNode(element.Origin), new HoconArrayNode([element], element.Origin)], element.Origin));
    }

    private string[] ParsePath(string what)
    {
        var origin = _token.Origin;
        _pathTokens.Clear();
        while (_token.IsPathPart)
        {
            _pathTokens.Add(Take());
        }

        return _pathTokens.Count == 0
            ? throw new HoconException(origin, $"expected {what}, found {_token.Description}")
            : HoconPath.Parse(_pathTokens, origin);
    }

    /// <param name="path">The value's own path; null inside an array.</param>
    /// <param name="nesting">How deep the container of the value is.</param>
    private HoconNode ParseValue(string[]? path, int nesting)
    {
        var origin = _token.Origin;
        var parts = new List<HoconNode>();
        HoconToken? gap = null;
        while (true)
        {
            HoconNode part;
            switch (_token.Kind)
            {
                case HoconTokenKind.Whitespace:
                    gap = Take();
                    continue;
                case HoconTokenKind.Unquoted or HoconTokenKind.Quoted:
                    part = SimpleNode(Take());
                    break;
                case HoconTokenKind.Substitution or HoconTokenKind.OptionalSubstitution:
                    part = ParseSubstitution();
                    break;
                case HoconTokenKind.OpenBrace:
                    part = ParseObject(path, nesting);
                    break;
                case HoconTokenKind.OpenBracket:
                    part = ParseArray(nesting);
                    break;
                default:
                    return parts.Count == 0
                        ? throw new HoconException(_token.Origin, $"expected a value, found {_token.Description}{QuotingAdvice()}")
                        : Concatenate(parts, origin);
            }

            if (gap is { } whitespace && parts.Count > 0)
            {
                parts.Add(new HoconWhitespaceNode(whitespace.Text, whitespace.Origin));
            }

            gap = null;
            parts.Add(part);
        }
    }

    private static HoconNode Concatenate(List<HoconNode> parts, HoconOrigin origin)
    {
        if (parts.Count == 1)
        {
            return parts[0];
        }

        if (!parts.TrueForAll(static part => part is HoconScalarNode or HoconWhitespaceNode))
        {
            return new HoconConcatenationNode(parts, origin);
        }

        var text = string.Concat(parts.Select(static part => part is HoconScalarNode scalar ? scalar.Value.Text : ((HoconWhitespaceNode)part).Text));
        return new HoconScalarNode(HoconScalar.FromString(text, origin));
    }

    private HoconSubstitutionNode ParseSubstitution()
    {
        var open = Take();
        var path = ParsePath("a path");
        if (_token.Kind != HoconTokenKind.CloseBrace)
        {
            throw new HoconException(_token.Origin, $"expected '}}' to end the substitution, found {_token.Description}");
        }

        Take();
        return new HoconSubstitutionNode(path, includedAt, open.Kind == HoconTokenKind.OptionalSubstitution, open.Origin);
    }

    private HoconArrayNode ParseArray(int nesting)
    {
        CheckDepth(nesting + 1);
        var open = Take();
        var items = new List<HoconNode>();
        SkipBlank();
        while (_token.Kind != HoconTokenKind.CloseBracket)
        {
            if (_token.Kind == HoconTokenKind.End)
            {
                throw new HoconException(open.Origin, "this bracket is never closed");
            }

            items.Add(ParseValue(null, nesting + 1));
            EndElement(HoconTokenKind.CloseBracket);
        }

        Take();
        return new HoconArrayNode(items, open.Origin);
    }

    private void ParseInclude(HoconObjectNode target, string[]? path, HoconOrigin origin, int nesting)
    {
        Take();
        SkipBlank();
        var wrapper = string.Empty;
        while (_token.Kind == HoconTokenKind.Unquoted && wrapper.Length < LongestIncludeWrapper.Length)
        {
            wrapper += Take().Text;
            SkipBlank();
        }

        var closing = wrapper switch
        {
            "" => 0,
            "file(" or "required(" => 1,
            "required(file(" => 2,
            "url(" or "classpath(" or "required(url(" or LongestIncludeWrapper => throw new HoconException(origin, "only files can be included"),
            _ => -1,
        };
        if (closing < 0 || _token.Kind != HoconTokenKind.Quoted)
        {
            throw new HoconException(
                origin,
                "include must be followed by a quoted file name, file(\"...\") or required(...); quote the key \"include\" if it is one");
        }

        var name = Take().Text;
        while (closing > 0)
        {
            SkipBlank();
            var close = Take();
            if (close.Kind != HoconTokenKind.Unquoted || close.Text.Length > closing || close.Text.AsSpan().ContainsAnyExcept(')'))
            {
                throw new HoconException(close.Origin, $"expected ')' to end the include, found {close.Description}");
            }

            closing -= close.Text.Length;
        }

        // Inside an array no path leads to the including object, so that substitutions in the file can only mean the root.
        var included = includer.Include(name, directory, path ?? [], nesting, wrapper.StartsWith("required", StringComparison.Ordinal), origin);
        if (included is not null)
        {
            target.Merge(included);
        }
    }

    private void CheckDepth(int nesting)
    {
        if (nesting > HoconLimits.MaxDepth)
        {
            throw new HoconException(_token.Origin, $"objects and arrays are nested more than {HoconLimits.MaxDepth} deep");
        }
    }

    private string QuotingAdvice() => _token.Kind is HoconTokenKind.Colon or HoconTokenKind.EqualsSign ? "; quote a value that holds one" : string.Empty;
}
