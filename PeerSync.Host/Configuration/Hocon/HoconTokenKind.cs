namespace PeerSync.Host.Configuration.Hocon;

/// <summary>The kinds of <see cref="HoconToken"/>. Comments leave no token.</summary>
internal enum HoconTokenKind
{
    End,
    NewLine,

    /// <summary>White space without a newline; its text counts between simple values.</summary>
    Whitespace,
    Unquoted,

    /// <summary>A quoted or triple-quoted string, decoded.</summary>
    Quoted,
    Comma,
    Colon,
    EqualsSign,
    PlusEquals,
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,

    /// <summary><c>${</c>.</summary>
    Substitution,

    /// <summary><c>${?</c>.</summary>
    OptionalSubstitution,
}
