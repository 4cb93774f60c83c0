using System.Security.Cryptography;
using System.Text;
using PeerSync.Protocol.Cryptography;

namespace PeerSync.Bench.Sync;

/// <summary>A user's key pair, which all of the user's devices share, and the user id that follows from it.</summary>
internal sealed class SyncIdentity
{
    private readonly byte[] _seed = Ed25519.GenerateSeed();

    public SyncIdentity()
    {
        UserId = Convert.ToHexStringLower(Ed25519.GetPublicKey(_seed));
    }

    public string UserId { get; }

    public string Sign(string text) => Convert.ToHexStringLower(Ed25519.Sign(_seed, SHA256.HashData(Encoding.UTF8.GetBytes(text))));
}
