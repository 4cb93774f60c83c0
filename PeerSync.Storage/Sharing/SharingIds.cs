using System.Buffers;
using System.Security.Cryptography;

namespace PeerSync.Storage.Sharing;

/// <summary>Names for rows: random, so that two made at the same time differ and none can be guessed from another.</summary>
internal static class SharingIds
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const int Length = 25;

    private static readonly SearchValues<char> All = SearchValues.Create(Letters);

    /// <summary>25 characters that begin with "c", as the original's ids.</summary>
    public static string New() => "c" + RandomNumberGenerator.GetString(Letters, Length - 1);

    /// <summary>Whether a row can have this name: clients may send any text, and the database need not be asked about it.</summary>
    public static bool IsId(string? text) => text?.Length == Length && !text.AsSpan().ContainsAnyExcept(All);

    /// <summary>10 characters for a team's place in an address.</summary>
    public static string NewSlug() => RandomNumberGenerator.GetString(Letters, 10);
}
