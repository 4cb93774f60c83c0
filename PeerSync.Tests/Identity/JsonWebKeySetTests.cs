using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using PeerSync.Protocol.Identity;

namespace PeerSync.Tests.Identity;

public sealed class JsonWebKeySetTests
{
    private const string Oct = """{"kty":"oct","kid":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}""";

    [Fact]
    public void Reads_the_three_kinds_of_keys()
    {
        var set = Parse(TestKeys.RsaJwk("r"), TestKeys.EcJwk("e"), TestKeys.EdJwk("d"));
        Assert.Equal(3, set.Count);
        Assert.Equal(0, set.Skipped);
        AssertVerifies(set, "r", TestKeys.Rs256);
        AssertVerifies(set, "e", TestKeys.Es256);
        AssertVerifies(set, "d", TestKeys.EdDsa);
        Assert.Null(set.Find("R"));
    }

    [Fact]
    public void Accepts_what_supabase_publishes_beside_the_key()
    {
        var set = Parse(
            TestKeys.RsaJwk("r", more: ""","alg":"RS256","use":"sig","key_ops":["verify"],"ext":true"""),
            TestKeys.EcJwk("e", ""","alg":"ES256","use":"sig","key_ops":["sign","verify"]"""),
            TestKeys.EdJwk("d", ""","alg":"EdDSA","x5c":[{"a":[]}]"""));
        Assert.Equal(3, set.Count);
    }

    [Fact]
    public void Skips_keys_that_are_not_meant_for_this()
    {
        Assert.Equal(0, Parse(Oct).Count);
        string[] more =
        [
            ""","use":"enc" """, ""","use":"" """, ""","use":1""", ""","alg":"RS512" """, ""","alg":"none" """, ""","alg":"HS256" """, ""","alg":null""",
            ""","key_ops":["sign"]""", ""","key_ops":[]""", ""","key_ops":"verify" """, ""","key_ops":[["verify"]]""",
            ""","key_ops":["verify"],"key_ops":["verify"]""", ""","kid":"r" """, ""","kty":"RSA" """, ""","use":"sig","use":"sig" """,
        ];
        Assert.All(more, text =>
        {
            var set = Parse(TestKeys.RsaJwk("r", more: text), TestKeys.EcJwk("e", text), TestKeys.EdJwk("d", text), TestKeys.RsaJwk("good"));
            Assert.Equal(1, set.Count);
            Assert.Equal(3, set.Skipped);
        });
    }

    [Theory]
    [InlineData("""{"kty":"RSA"}""")]
    [InlineData("""{"kty":"rsa","kid":"k","n":"AQAB","e":"AQAB"}""")]
    [InlineData("""{"kid":"k"}""")]
    [InlineData("""{"kty":"AKP","kid":"k","pub":"AA"}""")]
    [InlineData("""{"kty":"RSA","kid":"k","n":"","e":""}""")]
    [InlineData("""{"kty":"RSA","kid":"k","e":"AQAB"}""")]
    [InlineData("""{"kty":"EC","kid":"k","crv":"P-256"}""")]
    [InlineData("""{"kty":"EC","kid":"k","crv":"P-384","x":"AA","y":"AA"}""")]
    [InlineData("""{"kty":"OKP","kid":"k","crv":"X25519","x":"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08"}""")]
    [InlineData("""{"kty":"OKP","kid":"k","crv":"Ed25519","x":"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}""")]
    [InlineData("""{"kty":"OKP","kid":"k","crv":"Ed25519","x":"AQ"}""")]
    [InlineData("""{"kty":{"a":1},"kid":["x"],"n":null,"e":5}""")]
    [InlineData("5")]
    [InlineData("[[]]")]
    public void Skips_keys_that_are_malformed(string key)
    {
        var set = Parse(key, TestKeys.RsaJwk("good"));
        Assert.Equal(1, set.Count);
        Assert.Equal(1, set.Skipped);
        AssertVerifies(set, "good", TestKeys.Rs256);
    }

    [Fact]
    public void A_key_needs_a_name_of_its_own()
    {
        using var other = RSA.Create(2048);
        var set = Parse(TestKeys.RsaJwk("same"), TestKeys.RsaJwk("same", other), TestKeys.EcJwk("same"), TestKeys.RsaJwk(new string('k', 257)));
        Assert.Equal(1, set.Count);
        AssertVerifies(set, "same", TestKeys.Rs256);
        Assert.Equal(0, Parse(TestKeys.RsaJwk("x").Replace("\"kid\":\"x\",", string.Empty, StringComparison.Ordinal)).Count);
    }

    [Fact]
    public void Rsa_has_2048_to_8192_bits_and_a_sound_exponent()
    {
        using var small = RSA.Create(1024);
        Assert.Equal(0, Parse(TestKeys.RsaJwk("k", small)).Count);
        var modulus = TestKeys.Rsa.ExportParameters(false).Modulus!;
        Assert.Equal(1, Rsa(modulus, [3]));
        Assert.Equal(1, Rsa([0, .. modulus], [0, 1, 0, 1]));
        Assert.Equal(0, Rsa(modulus, [1]));
        Assert.Equal(0, Rsa(modulus, [0, 1]));
        Assert.Equal(0, Rsa(modulus, [2]));
        Assert.Equal(0, Rsa(modulus, [0]));
        Assert.Equal(0, Rsa(modulus, [1, 0, 0, 0, 1]));
        Assert.Equal(0, Rsa([.. modulus.AsSpan(0, 255), 0], [1, 0, 1]));
        Assert.Equal(0, Rsa([0x7f, .. modulus.AsSpan(1)], [1, 0, 1]));
        Assert.Equal(0, Rsa([1, .. Enumerable.Repeat((byte)1, 1024)], [1, 0, 1]));

        static int Rsa(byte[] modulus, byte[] exponent) =>
            Parse($$"""{"kty":"RSA","kid":"k","n":"{{TestKeys.Encode(modulus)}}","e":"{{TestKeys.Encode(exponent)}}"}""").Count;
    }

    [Fact]
    public void A_point_must_lie_on_the_curve()
    {
        var point = TestKeys.Ec.ExportParameters(false).Q;
        Assert.Equal(1, Ec(point.X!, point.Y!));
        Assert.Equal(0, Ec(point.Y!, point.X!));
        Assert.Equal(0, Ec(new byte[32], new byte[32]));
        Assert.Equal(0, Ec([0, .. point.X!], point.Y!));
        Assert.Equal(0, Ec(point.X![1..], point.Y!));
        Assert.Equal(0, Ec([.. Enumerable.Repeat((byte)0xff, 32)], point.Y!));
        byte[] wrong = [.. point.Y!];
        wrong[31] ^= 1;
        Assert.Equal(0, Ec(point.X!, wrong));

        // The same point with a coordinate that is not reduced.
        var order = new BigInteger(Convert.FromHexString("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"), true, true);
        var generatorLike = order + 5;
        Assert.Equal(0, Ec(generatorLike.ToByteArray(true, true), Convert.FromHexString("459243b9aa581806fe913bce99817ade11ca503c64d9a3c533415c083248fbcc")));

        static int Ec(byte[] x, byte[] y) =>
            Parse($$"""{"kty":"EC","crv":"P-256","kid":"k","x":"{{TestKeys.Encode(x)}}","y":"{{TestKeys.Encode(y)}}"}""").Count;
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"keys":null}""")]
    [InlineData("""{"keys":{}}""")]
    [InlineData("""{"keys":[],"keys":[]}""")]
    [InlineData("""{"keys":[]} x""")]
    [InlineData("""{"keys":[""")]
    [InlineData("""{"keys":[{"\ud800":1}]}""")]
    [InlineData("<html></html>")]
    public void Refuses_what_is_no_set(string document) => Assert.Throws<FormatException>(() => JsonWebKeySet.Parse(Encoding.UTF8.GetBytes(document)));

    [Fact]
    public void An_empty_set_is_a_set() => Assert.Equal(0, Parse().Count);

    [Fact]
    public void A_document_cut_or_changed_anywhere_throws_nothing_else()
    {
        var document = Encoding.UTF8.GetBytes(TestKeys.KeySet(TestKeys.EcJwk("e", ""","key_ops":["verify"],"other":{"a":[1]}"""), TestKeys.EdJwk("d")));
        Assert.Equal(2, JsonWebKeySet.Parse(document).Count);
        for (var length = 0; length < document.Length; length++)
        {
            Assert.Throws<FormatException>(() => JsonWebKeySet.Parse(document.AsSpan(0, length)));
        }

        var random = new Random(7517);
        for (var i = 0; i < 2_000; i++)
        {
            var changed = document.ToArray();
            changed[random.Next(changed.Length)] = (byte)random.Next(256);
            try
            {
                JsonWebKeySet.Parse(changed);
            }
            catch (FormatException)
            {
                // The one way to refuse a document.
            }
        }
    }

    private static JsonWebKeySet Parse(params string[] keys) => JsonWebKeySet.Parse(Encoding.UTF8.GetBytes(TestKeys.KeySet(keys)));

    private static void AssertVerifies(JsonWebKeySet set, string keyId, SigningKey signingKey)
    {
        var key = set.Find(keyId);
        Assert.NotNull(key);
        Assert.Equal(signingKey.Algorithm, key.Algorithm);
        Assert.True(key.Verify("input"u8, signingKey.Sign("input"u8)));
        Assert.False(key.Verify("Input"u8, signingKey.Sign("input"u8)));
    }
}
