using System.Security.Cryptography;
using System.Text;

namespace PeerSync.Storage.Sync;

/// <summary>
/// The keys that hide pairing codes and what they stand for from whoever reads the database alone. Both follow from the server's secret, so they change with
/// it, and codes given out before end.
/// </summary>
/// <remarks>
/// Thread-safe. Six digits can be tried out by whoever has the secret too: the seal protects copies of the database, not a server that was taken over.
/// </remarks>
public sealed class SyncPairingKeys
{
    private const int KeySize = 32;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly byte[] _lookUpKey;
    private readonly byte[] _sealKey;

    /// <param name="secret">A secret of the server, of at least 32 bytes, that is used for nothing else.</param>
    /// <exception cref="ArgumentException">It is shorter.</exception>
    public SyncPairingKeys(ReadOnlySpan<byte> secret)
    {
        if (secret.Length < KeySize)
        {
            throw new ArgumentException("The secret has fewer than 32 bytes.", nameof(secret));
        }

        _lookUpKey = Derive(secret, "peersync sync pairing look-up v1"u8);
        _sealKey = Derive(secret, "peersync sync pairing seal v1"u8);
    }

    /// <summary>Under which a code is kept: 64 lower-case hexadecimal digits.</summary>
    internal string Locate(string code) => Convert.ToHexStringLower(HMACSHA256.HashData(_lookUpKey, Encoding.ASCII.GetBytes(code)));

    /// <summary>Seals a record so that it opens only with the same code, and only in its place.</summary>
    internal string Seal(string code, string place, ReadOnlySpan<byte> record)
    {
        var output = new byte[NonceSize + record.Length + TagSize];
        var nonce = output.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(KeyOf(code), TagSize);
        cipher.Encrypt(nonce, record, output.AsSpan(NonceSize, record.Length), output.AsSpan(NonceSize + record.Length), Encoding.UTF8.GetBytes(place));
        return Convert.ToBase64String(output);
    }

    /// <summary>Opens what <see cref="Seal"/> made.</summary>
    /// <returns>Null where it was made with another code or secret, in another place, or changed since.</returns>
    internal byte[]? Open(string code, string place, string text)
    {
        var input = Convert.FromBase64String(text);
        if (input.Length < NonceSize + TagSize)
        {
            return null;
        }

        var record = new byte[input.Length - NonceSize - TagSize];
        using var cipher = new AesGcm(KeyOf(code), TagSize);
        try
        {
            cipher.Decrypt(
                input.AsSpan(0, NonceSize), input.AsSpan(NonceSize, record.Length), input.AsSpan(NonceSize + record.Length), record, Encoding.UTF8.GetBytes(place));
            return record;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static byte[] Derive(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> info)
    {
        var key = new byte[KeySize];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, key, [], info);
        return key;
    }

    private byte[] KeyOf(string code) => HMACSHA256.HashData(_sealKey, Encoding.ASCII.GetBytes(code));
}
