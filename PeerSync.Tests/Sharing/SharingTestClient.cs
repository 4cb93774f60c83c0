using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace PeerSync.Tests.Sharing;

/// <summary>The client's half of a login: a key pair, and the reading of what is sealed for it.</summary>
internal sealed class SharingTestClient : IDisposable
{
    private readonly ECDiffieHellman _key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);

    internal string X => Base64Url.EncodeToString(_key.ExportParameters(false).Q.X);

    internal string Y => Base64Url.EncodeToString(_key.ExportParameters(false).Q.Y);

    /// <summary>The public half as editors send it.</summary>
    internal string Jwk => $$"""{"key_ops":[],"ext":true,"kty":"EC","x":"{{X}}","y":"{{Y}}","crv":"P-256"}""";

    /// <summary>The body of a login with a token.</summary>
    internal string Login(string token) => $$"""{"provider":"github","accessToken":"{{token}}","handshake":{"clientPublicKeyJwk":{{Jwk}}} }""";

    /// <summary>Opens the payload of an answer.</summary>
    internal JsonNode Open(JsonNode answer)
    {
        var server = answer["serverPublicKeyJwk"]!;
        Assert.Equal(["crv", "ext", "key_ops", "kty", "x", "y"], server.AsObject().Select(static member => member.Key));
        Assert.True((bool)server["ext"]!);
        Assert.Equal((43, 43), (((string)server["x"]!).Length, ((string)server["y"]!).Length));
        using var other = ECDiffieHellman.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Base64Url.DecodeFromChars((string)server["x"]!), Y = Base64Url.DecodeFromChars((string)server["y"]!) },
        });
        var iv = Base64Url.DecodeFromChars((string)answer["payload"]!["ivB64u"]!);
        var ciphertext = Base64Url.DecodeFromChars((string)answer["payload"]!["ciphertextB64u"]!);
        var plain = new byte[ciphertext.Length - 16];
        using var cipher = new AesGcm(_key.DeriveRawSecretAgreement(other.PublicKey), 16);
        cipher.Decrypt(iv, ciphertext.AsSpan(0, plain.Length), ciphertext.AsSpan(plain.Length), plain);
        return JsonNode.Parse(Encoding.UTF8.GetString(plain))!;
    }

    public void Dispose() => _key.Dispose();
}
