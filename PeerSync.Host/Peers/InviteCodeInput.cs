using System.Buffers;

namespace PeerSync.Host.Peers;

/// <summary>An invite code as a person types it (Peers contract, section 5.2).</summary>
internal static class InviteCodeInput
{
    private const string Prefix = "PS-";
    private const int MaxLength = 64;

    private static readonly SearchValues<char> Symbols = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

    /// <summary>Trims and upper-cases; only the prefix is checked, so that codes of other lengths can be issued later.</summary>
    /// <returns>The code, or null where the prefix is missing.</returns>
    public static string? Normalize(string? input)
    {
        var code = input?.Trim().ToUpperInvariant();
        return code?.StartsWith(Prefix, StringComparison.Ordinal) == true ? code : null;
    }

    /// <summary>Whether any network could have this code, so that what a database cannot even compare never gets there.</summary>
    public static bool CanExist(string code) => code.Length <= MaxLength && !code.AsSpan().ContainsAnyExcept(Symbols);
}
