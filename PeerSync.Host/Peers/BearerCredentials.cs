namespace PeerSync.Host.Peers;

/// <summary>Finds the token in an <c>Authorization</c> header (Peers contract, section 4.4).</summary>
internal static class BearerCredentials
{
    private const string Scheme = "Bearer";

    /// <summary>The networks' rule: <c>Bearer</c> in exact case and one space, or the bare token as the whole header.</summary>
    public static string FromSchemeOrBare(string header) =>
        header.StartsWith(Scheme + " ", StringComparison.Ordinal) ? header[(Scheme.Length + 1)..] : header;

    /// <summary>The verification's rule: the scheme in any case, and never a bare token.</summary>
    /// <returns>The token, or null where the header is not of that form.</returns>
    public static string? FromScheme(string header)
    {
        var isBearer = header.Length > Scheme.Length
            && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && char.IsWhiteSpace(header[Scheme.Length]);
        return isBearer ? header[Scheme.Length..].Trim() : null;
    }
}
