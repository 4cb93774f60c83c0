using System.Text;
using PeerSync.Protocol.Identity;

namespace PeerSync.Tests.Identity;

public sealed class JsonWebTokenTests
{
    private const string Header = """{"alg":"HS256","typ":"JWT","kid":"k1"}""";
    private const string Payload = """{"sub":"alice","exp":2000000000}""";

    [Fact]
    public void Takes_a_token_apart()
    {
        var text = TestKeys.Craft(Header, Payload, TestKeys.Hs256);
        Assert.True(JsonWebToken.TryParse(text, out var token));
        Assert.Equal(SignatureAlgorithm.Hs256, token.Algorithm);
        Assert.Equal("k1", token.KeyId);
        Assert.Equal(Payload, Encoding.UTF8.GetString(token.Payload));
        Assert.Equal(text[..text.LastIndexOf('.')], Encoding.ASCII.GetString(token.SigningInput));
        Assert.Equal(32, token.Signature.Length);
        Assert.True(token.Verify(TestKeys.Hs256.VerificationKey));
    }

    [Fact]
    public void A_header_that_is_longer_than_payload_and_signature_leaves_nothing_behind()
    {
        var header = $$"""{"alg":"HS256","filler":"{{new string('x', 500)}}"}""";
        Assert.True(JsonWebToken.TryParse(TestKeys.Craft(header, "{}", _ => [1, 2, 3]), out var token));
        Assert.Equal("{}", Encoding.ASCII.GetString(token.Payload));
        Assert.Equal<byte>([1, 2, 3], token.Signature.ToArray());
    }

    [Theory]
    [InlineData("""{"alg":"none"}""")]
    [InlineData("""{"alg":"None"}""")]
    [InlineData("""{"alg":"hs256"}""")]
    [InlineData("""{"alg":"HS384"}""")]
    [InlineData("""{"alg":"HS512"}""")]
    [InlineData("""{"alg":"RS512"}""")]
    [InlineData("""{"alg":"PS256"}""")]
    [InlineData("""{"alg":"ES384"}""")]
    [InlineData("""{"alg":""}""")]
    [InlineData("""{"alg":null}""")]
    [InlineData("""{"alg":["HS256"]}""")]
    [InlineData("""{"alg":256}""")]
    [InlineData("""{"ALG":"HS256"}""")]
    [InlineData("""{"typ":"JWT"}""")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("\"HS256\"")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("""{"alg":"HS256"} """ + "{}")]
    [InlineData("""{"alg":"HS256",}""")]
    [InlineData("""{"alg":"HS256"/**/}""")]
    [InlineData("""{"alg":"HS256","alg":"HS256"}""")]
    [InlineData("""{"alg":"none","alg":"HS256"}""")]
    [InlineData("""{"alg":"HS256","\u0061lg":"none"}""")]
    [InlineData("""{"alg":"HS256","kid":"a","kid":"a"}""")]
    [InlineData("""{"alg":"HS256","kid":"a","\u006bid":"b"}""")]
    [InlineData("""{"alg":"HS256","kid":1}""")]
    [InlineData("""{"alg":"HS256","kid":null}""")]
    [InlineData("""{"alg":"HS256","kid":{"a":1}}""")]
    [InlineData("""{"alg":"HS256","kid":"\ud800"}""")]
    [InlineData("""{"alg":"HS256","\ud800":1}""")]
    [InlineData("""{"alg":"HS256\ud800"}""")]
    [InlineData("""{"alg":"HS256","crit":["exp"]}""")]
    [InlineData("""{"alg":"HS256","crit":[]}""")]
    [InlineData("""{"alg":"HS256","\u0063rit":["b64"],"b64":false}""")]
    [InlineData("\ufeff{\"alg\":\"HS256\"}")]
    public void Refuses_unusual_headers(string header) => Assert.False(JsonWebToken.TryParse(TestKeys.Craft(header, Payload, TestKeys.Hs256), out _));

    [Theory]
    [InlineData("""{"alg":"HS256","typ":5}""", null)]
    [InlineData("""{"\u0061lg":"HS\u003256"}""", null)]
    [InlineData("""{"alg":"HS256","kid":""}""", "")]
    [InlineData("""{"alg":"HS256","kid":"é\ud83d\ude00"}""", "é😀")]
    [InlineData("""{"alg":"HS256","jku":"http://x","jwk":{"kty":"oct","k":"AA","alg":"none","kid":"z"},"x5c":["\ud800"]}""", null)]
    public void Accepts_harmless_headers(string header, string? keyId)
    {
        Assert.True(JsonWebToken.TryParse(TestKeys.Craft(header, Payload, TestKeys.Hs256), out var token));
        Assert.Equal(keyId, token.KeyId);
    }

    [Fact]
    public void A_key_name_has_at_most_256_characters()
    {
        Assert.True(JsonWebToken.TryParse(TestKeys.Craft($$"""{"alg":"HS256","kid":"{{new string('k', 256)}}"}""", Payload, TestKeys.Hs256), out _));
        Assert.False(JsonWebToken.TryParse(TestKeys.Craft($$"""{"alg":"HS256","kid":"{{new string('k', 257)}}"}""", Payload, TestKeys.Hs256), out _));
    }

    [Fact]
    public void Refuses_all_but_three_parts_of_strict_base64url()
    {
        var parts = TestKeys.Craft(Header, Payload, TestKeys.Hs256).Split('.');
        var (header, payload, signature) = (parts[0], parts[1], parts[2]);
        Assert.True(JsonWebToken.TryParse($"{header}.{payload}.{signature}", out _));
        string[] refused =
        [
            string.Empty, ".", "..", "...", header, $"{header}.{payload}", $"{header}.{payload}.{signature}.", $".{header}.{payload}.{signature}",
            $"{header}.{payload}.{signature}.{signature}", $"{header}..{payload}.{signature}", $"{header}.{payload}.{signature}=", $"{header}.{payload}=.{signature}",
            $"{header} .{payload}.{signature}", $" {header}.{payload}.{signature}", $"{header}.{payload}.{signature}\n", $"{header}.{payload}.{signature}+",
            $"{header}.{payload}.{signature}/", $"{header}.{payload}.{signature}AA", $"{header}.{payload}.{signature}é", $"{header}.{payload}\ud800.{signature}",
            $"Bearer {header}.{payload}.{signature}", $".{payload}.{signature}",
        ];
        Assert.All(refused, text => Assert.False(JsonWebToken.TryParse(text, out _), text));
    }

    [Fact]
    public void Unused_bits_must_be_zero()
    {
        Assert.True(JsonWebToken.TryParse($"{TestKeys.Encode(Header)}.e30.AA", out _));
        Assert.True(JsonWebToken.TryParse($"{TestKeys.Encode(Header)}.e30.AAA", out _));
        foreach (var character in "BCDEFGHIJKLMNOP")
        {
            Assert.False(JsonWebToken.TryParse($"{TestKeys.Encode(Header)}.e30.A{character}", out _));
        }

        foreach (var character in "BCDFGHJKLNOP")
        {
            Assert.False(JsonWebToken.TryParse($"{TestKeys.Encode(Header)}.e30.AA{character}", out _));
        }
    }

    [Fact]
    public void The_longest_token_has_16_384_characters()
    {
        var start = $"{TestKeys.Encode(Header)}.";
        var payloadLength = JsonWebToken.MaxLength - start.Length - ".AAAA".Length;
        var longest = $"{start}{new string('A', payloadLength)}.AAAA";
        Assert.True(JsonWebToken.TryParse(longest, out _));
        Assert.False(JsonWebToken.TryParse(longest + "AA", out _));
        Assert.False(JsonWebToken.TryParse(new string('.', 10_000_000), out _));
    }

    [Fact]
    public void A_token_cut_anywhere_is_refused_and_nothing_is_thrown()
    {
        var text = TestKeys.Craft(Header, Payload, TestKeys.Hs256);
        for (var length = 0; length < text.Length; length++)
        {
            Assert.False(JsonWebToken.TryParse(text.AsSpan(0, length), out var token) && token.Verify(TestKeys.Hs256.VerificationKey));
            Assert.False(JsonWebToken.TryParse(text.AsSpan(text.Length - length), out token) && token.Verify(TestKeys.Hs256.VerificationKey));
        }

        var header = Encoding.UTF8.GetBytes(Header);
        for (var length = 0; length < header.Length; length++)
        {
            Assert.False(JsonWebToken.TryParse($"{TestKeys.Encode(header.AsSpan(0, length))}.e30.AA", out _));
        }
    }

    [Fact]
    public void Random_input_is_never_thrown_for()
    {
        var random = new Random(7515);
        const string Characters = "ABCDEFabcdef0123-_..==+/ \u00e9\ud800";
        for (var i = 0; i < 5_000; i++)
        {
            Assert.False(JsonWebToken.TryParse(random.GetItems<char>(Characters, random.Next(100)), out _));
            var bytes = new byte[random.Next(64)];
            random.NextBytes(bytes);
            Assert.False(JsonWebToken.TryParse($"{TestKeys.Encode(bytes)}.e30.AA", out _));

            var header = Encoding.UTF8.GetBytes(Header);
            header[random.Next(header.Length)] = (byte)random.Next(256);
            if (JsonWebToken.TryParse($"{TestKeys.Encode(header)}.{TestKeys.Encode(bytes)}.{TestKeys.Encode(bytes)}", out var token))
            {
                token.TryReadClaims(out _);
                Assert.False(token.Verify(TestKeys.Hs256.VerificationKey));
            }
        }
    }
}
