using System.Buffers.Text;
using System.Security.Cryptography;

namespace PeerSync.Tests.Sharing;

/// <summary>A public key of a device.</summary>
/// <param name="X">The point's first coordinate in base64url.</param>
/// <param name="Y">The second one.</param>
internal sealed record TestDeviceKey(string X, string Y)
{
    /// <summary>As the extension sends it.</summary>
    internal string Json => $$"""{"key_ops":[],"ext":true,"kty":"EC","x":"{{X}}","y":"{{Y}}","crv":"P-256"}""";

    internal static TestDeviceKey New()
    {
        using var pair = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var point = pair.ExportParameters(false).Q;
        return new TestDeviceKey(Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
    }
}
