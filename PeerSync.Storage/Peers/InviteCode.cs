using System.Security.Cryptography;

namespace PeerSync.Storage.Peers;

/// <summary>The codes by which people join a network: <c>PS-</c> and six symbols, about 30 bits.</summary>
internal static class InviteCode
{
    // Without I, O, 0 and 1, which people mistake for each other.
    private const string Symbols = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// <summary>A random code that cannot be foretold.</summary>
    public static string Generate() => "PS-" + RandomNumberGenerator.GetString(Symbols, 6);
}
