using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using PeerSync.Protocol.Cryptography;
using PeerSync.Protocol.Identity;

namespace PeerSync.Tests.Identity;

/// <summary>Keys made once a run, and tokens put together by hand.</summary>
internal static class TestKeys
{
    public const string Secret = "a-shared-secret-of-the-tests-that-is-long-enough";

    public static readonly RSA Rsa = RSA.Create(2048);
    public static readonly ECDsa Ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    public static readonly byte[] EdSeed = Ed25519.GenerateSeed();

    public static readonly SigningKey Hs256 = SigningKey.Hs256(Encoding.UTF8.GetBytes(Secret));
    public static readonly SigningKey Rs256 = SigningKey.Rs256(Rsa.ExportParameters(true));
    public static readonly SigningKey Es256 = SigningKey.Es256(Ec.ExportParameters(true));
    public static readonly SigningKey EdDsa = SigningKey.EdDsa(EdSeed);

    public static string RsaJwk(string keyId, RSA? rsa = null, string more = "")
    {
        var parameters = (rsa ?? Rsa).ExportParameters(false);
        return $$"""{"kty":"RSA","kid":"{{keyId}}","n":"{{Encode(parameters.Modulus)}}","e":"{{Encode(parameters.Exponent)}}"{{more}}}""";
    }

    public static string EcJwk(string keyId, string more = "")
    {
        var point = Ec.ExportParameters(false).Q;
        return $$"""{"kty":"EC","crv":"P-256","kid":"{{keyId}}","x":"{{Encode(point.X)}}","y":"{{Encode(point.Y)}}"{{more}}}""";
    }

    public static string EdJwk(string keyId, string more = "") =>
        $$"""{"kty":"OKP","crv":"Ed25519","kid":"{{keyId}}","x":"{{Encode(Ed25519.GetPublicKey(EdSeed))}}"{{more}}}""";

    public static string KeySet(params string[] keys) => $$"""{"keys":[{{string.Join(',', keys)}}]}""";

    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    public static string Encode(string text) => Encode(Encoding.UTF8.GetBytes(text));

    /// <summary>A token with exactly this header and payload, signed however the test likes.</summary>
    public static string Craft(string header, string payload, Func<byte[], byte[]> sign)
    {
        var input = $"{Encode(header)}.{Encode(payload)}";
        return $"{input}.{Encode(sign(Encoding.ASCII.GetBytes(input)))}";
    }

    public static string Craft(string header, string payload, SigningKey key) => Craft(header, payload, input => key.Sign(input));
}
