using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace PeerSync.Host.Sharing.Resp;

/// <summary>The password that all listeners share, if there is one.</summary>
/// <remarks>Thread-safe. Only its hash is kept, and compared in constant time whatever its length.</remarks>
internal sealed class RespCredentials
{
    private const int MaxLength = 1024;

    private readonly byte[]? _hash;

    /// <param name="password">The password; null or empty where only tokens are taken.</param>
    internal RespCredentials(string? password)
    {
        _hash = string.IsNullOrEmpty(password) ? null : SHA256.HashData(Encoding.UTF8.GetBytes(password));
    }

    /// <summary>Whether some bytes are the shared password.</summary>
    internal bool IsShared(in ReadOnlySequence<byte> password)
    {
        if (_hash is null || password.Length > MaxLength)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[MaxLength];
        password.CopyTo(bytes);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..(int)password.Length], hash);
        return CryptographicOperations.FixedTimeEquals(hash, _hash);
    }
}
