using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace PeerSync.Storage.Sharing;

/// <summary>Tokens that somebody carries to somebody else: only their hashes are kept, so that a copy of the database opens nothing.</summary>
internal static class SharingSecrets
{
    /// <summary>A random token of base64url characters: four for three bytes.</summary>
    public static string New(int bytes) => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(bytes));

    /// <summary>What is kept of a token.</summary>
    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
