using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace PeerSync.Protocol.Sync;

/// <summary>The ephemeral keys of the handshake: points on NIST P-256, and what both sides could derive from them.</summary>
/// <remarks>
/// No byte on the wire depends on the derived keys, and server and web client derive different ones. They are here for diagnostics. Thread-safe.
/// </remarks>
public static class SyncKeyAgreement
{
    /// <summary>The length of an uncompressed point in bytes: <c>04 | X | Y</c>.</summary>
    public const int PointSize = 1 + (2 * CoordinateSize);

    /// <summary>The length of the shared secret and of each derived key in bytes.</summary>
    public const int SecretSize = 32;

    private const int CoordinateSize = 32;

    private const byte Uncompressed = 0x04;

    // 2^256 - 2^224 + 2^192 + 2^96 - 1 (SP 800-186, section 3.2.1.3).
    private static readonly BigInteger FieldOrder =
        (BigInteger.One << 256) - (BigInteger.One << 224) + (BigInteger.One << 192) + (BigInteger.One << 96) - 1;

    private static readonly BigInteger CurveB =
        BigInteger.Parse("05ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>The context of the key for what the client sends, as the server derives it.</summary>
    public static ReadOnlySpan<byte> ClientToServerInfo => "pocketbridge_client_to_server_v1"u8;

    /// <summary>The context of the key for what the server sends, as the server derives it.</summary>
    public static ReadOnlySpan<byte> ServerToClientInfo => "pocketbridge_server_to_client_v1"u8;

    /// <summary>The context of the one key that the web client derives.</summary>
    public static ReadOnlySpan<byte> WebClientInfo => "pocketbridge_session_v1"u8;

    /// <summary>Makes a new key pair.</summary>
    /// <returns>The key, to be disposed.</returns>
    public static ECDiffieHellman Generate() => ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Writes the public point of a key, each coordinate padded with zeros on the left.</summary>
    /// <param name="key">A key on P-256.</param>
    /// <param name="point">At least <see cref="PointSize"/> bytes.</param>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public static void ExportPoint(ECDiffieHellman key, Span<byte> point)
    {
        ArgumentNullException.ThrowIfNull(key);
        var parameters = key.ExportParameters(includePrivateParameters: false);
        WritePoint(parameters.Q.X, parameters.Q.Y, point);
    }

    /// <summary>Writes a point, each coordinate padded with zeros on the left.</summary>
    /// <param name="x">The first coordinate, big-endian, of at most 32 bytes.</param>
    /// <param name="y">The second one.</param>
    /// <param name="point">At least <see cref="PointSize"/> bytes.</param>
    /// <exception cref="ArgumentException">A coordinate is too long, or the destination too short.</exception>
    public static void WritePoint(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y, Span<byte> point)
    {
        if (x.Length > CoordinateSize || y.Length > CoordinateSize || point.Length < PointSize)
        {
            throw new ArgumentException($"A point has two coordinates of at most {CoordinateSize} bytes and needs {PointSize}.");
        }

        point[..PointSize].Clear();
        point[0] = Uncompressed;
        x.CopyTo(point[(1 + CoordinateSize - x.Length)..]);
        y.CopyTo(point[(PointSize - y.Length)..]);
    }

    /// <summary>The shared secret: the first coordinate of the common point, its leading zeros kept.</summary>
    /// <param name="key">One side's key.</param>
    /// <param name="peerPoint">The other side's point, uncompressed.</param>
    /// <returns><see cref="SecretSize"/> secret bytes.</returns>
    /// <exception cref="CryptographicException">The point is not on the curve.</exception>
    /// <exception cref="ArgumentException">The point is not uncompressed.</exception>
    public static byte[] DeriveSecret(ECDiffieHellman key, ReadOnlySpan<byte> peerPoint)
    {
        ArgumentNullException.ThrowIfNull(key);
        using var peer = Import(peerPoint);
        using var publicKey = peer.PublicKey;
        return key.DeriveRawSecretAgreement(publicKey);
    }

    /// <summary>Derives a session key: HKDF-SHA256 with the hash of both points as salt.</summary>
    /// <param name="secret">The shared secret.</param>
    /// <param name="clientPoint">The client's point, uncompressed.</param>
    /// <param name="serverPoint">The server's point, uncompressed.</param>
    /// <param name="info">Which key: <see cref="ClientToServerInfo"/>, <see cref="ServerToClientInfo"/> or <see cref="WebClientInfo"/>.</param>
    /// <returns><see cref="SecretSize"/> secret bytes.</returns>
    public static byte[] DeriveSessionKey(
        ReadOnlySpan<byte> secret, ReadOnlySpan<byte> clientPoint, ReadOnlySpan<byte> serverPoint, ReadOnlySpan<byte> info)
    {
        Span<byte> salt = stackalloc byte[SHA256.HashSizeInBytes];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(clientPoint);
        hash.AppendData(serverPoint);
        hash.GetHashAndReset(salt);
        var key = new byte[SecretSize];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, key, salt, info);
        return key;
    }

    /// <summary>Reads a point from hex and checks that it is uncompressed, on the curve and not the one at infinity.</summary>
    /// <param name="hex">The text, of any length.</param>
    /// <param name="point">The point; null where refused.</param>
    /// <param name="detail">What is wrong with it, where refused.</param>
    internal static bool TryReadPoint(string hex, [NotNullWhen(true)] out byte[]? point, [NotNullWhen(false)] out string? detail)
    {
        point = null;
        detail = null;
        if (hex.Length != 2 * PointSize)
        {
            detail = string.Create(
                CultureInfo.InvariantCulture, $"Invalid public key hex length: expected {2 * PointSize} ({PointSize} bytes), got {hex.Length}");
            return false;
        }

        var bytes = new byte[PointSize];
        if (Convert.FromHexString(hex, bytes, out _, out var decoded) != System.Buffers.OperationStatus.Done)
        {
            detail = string.Create(CultureInfo.InvariantCulture, $"Invalid public key buffer length: expected {PointSize} bytes, got {decoded}");
        }
        else if (bytes[0] != Uncompressed)
        {
            detail = string.Create(CultureInfo.InvariantCulture, $"Invalid public key format: expected uncompressed (0x04), got 0x{bytes[0]:x2}");
        }
        else if (!IsOnCurve(bytes))
        {
            detail = "Public key is not valid for specified curve";
        }
        else
        {
            point = bytes;
        }

        return point is not null;
    }

    // By hand, because importing a key into OpenSSL costs as much as all signatures of a handshake. The curve's cofactor is 1, so that a point on it
    // other than the one at infinity, which has no such form, is a valid key; and the point is public, so that time may tell.
    private static bool IsOnCurve(ReadOnlySpan<byte> point)
    {
        var x = new BigInteger(point[1..(1 + CoordinateSize)], isUnsigned: true, isBigEndian: true);
        var y = new BigInteger(point[(1 + CoordinateSize)..PointSize], isUnsigned: true, isBigEndian: true);
        return x < FieldOrder && y < FieldOrder && (((x * ((x * x) - 3)) + CurveB - (y * y)) % FieldOrder).IsZero;
    }

    private static ECDiffieHellman Import(ReadOnlySpan<byte> point)
    {
        if (point.Length != PointSize || point[0] != Uncompressed)
        {
            throw new ArgumentException($"An uncompressed point has {PointSize} bytes, the first of which is 4.", nameof(point));
        }

        return ECDiffieHellman.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = point[1..(1 + CoordinateSize)].ToArray(), Y = point[(1 + CoordinateSize)..].ToArray() },
        });
    }
}
