using System.Text;
using PeerSync.Protocol.Identity;

namespace PeerSync.Tests.Identity;

public sealed class TokenClaimsTests
{
    [Fact]
    public void Reads_the_registered_claims()
    {
        var claims = Read("""{"iss":"i","sub":"s","aud":["a","b"],"exp":1700000000.5,"nbf":0,"iat":253402300799,"other":{"sub":[{"exp":"x"}]}}""");
        Assert.NotNull(claims);
        Assert.Equal("i", claims.Issuer);
        Assert.Equal("s", claims.Subject);
        Assert.Equal(["a", "b"], claims.Audiences);
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_500), claims.ExpiresAt);
        Assert.Equal(DateTimeOffset.UnixEpoch, claims.NotBefore);
        Assert.Equal(9999, claims.IssuedAt?.Year);
    }

    [Fact]
    public void Everything_is_optional_here()
    {
        var claims = Read("{}");
        Assert.NotNull(claims);
        Assert.Null(claims.Issuer);
        Assert.Null(claims.Subject);
        Assert.Null(claims.ExpiresAt);
        Assert.Empty(claims.Audiences);
    }

    [Theory]
    [InlineData("exp")]
    [InlineData("nbf")]
    [InlineData("iat")]
    public void Times_are_numbers_from_1970_to_9999(string name)
    {
        string[] refused =
        [
            "\"1700000000\"", "null", "true", "[1700000000]", "{}", "-1", "-0.5", "253402300800", "1e12", "1e400", "-1e400", "9223372036854775807",
            "18446744073709551616", "1e99999999999",
        ];
        Assert.All(refused, value => Assert.Null(Read($$"""{"{{name}}":{{value}}}""")));
        string[] accepted = ["0", "0.0", "-0", "1700000000", "1.7e9", "1E9", "253402300799"];
        Assert.All(accepted, value => Assert.NotNull(Read($$"""{"{{name}}":{{value}}}""")));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("[\"s\"]")]
    [InlineData("{}")]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\\udc00x\"")]
    public void Issuer_and_subject_are_text(string value)
    {
        Assert.Null(Read($$"""{"iss":{{value}}}"""));
        Assert.Null(Read($$"""{"sub":{{value}}}"""));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("{}")]
    [InlineData("{\"a\":1}")]
    [InlineData("[1]")]
    [InlineData("[\"a\",null]")]
    [InlineData("[[\"a\"]]")]
    [InlineData("[\"\\ud800\"]")]
    public void Audience_is_text_or_texts(string value) => Assert.Null(Read($$"""{"aud":{{value}}}"""));

    [Fact]
    public void A_subject_is_short_and_clean()
    {
        Assert.Equal(256, Read($$"""{"sub":"{{new string('é', 256)}}"}""")?.Subject?.Length);
        Assert.Equal("a\"b😀", Read("""{"sub":"a\"b\ud83d\ude00"}""")?.Subject);
        Assert.Null(Read($$"""{"sub":"{{new string('s', 257)}}"}"""));
        Assert.Null(Read("""{"sub":""}"""));
        Assert.Null(Read("""{"sub":"a\u0000b"}"""));
        Assert.Null(Read("""{"sub":"a\nb"}"""));
        Assert.Null(Read("""{"sub":"a\u0085b"}"""));
    }

    [Theory]
    [InlineData("iss", "\"a\"")]
    [InlineData("sub", "\"a\"")]
    [InlineData("aud", "\"a\"")]
    [InlineData("aud", "[]")]
    [InlineData("exp", "1")]
    [InlineData("nbf", "1")]
    [InlineData("iat", "1")]
    public void A_claim_may_stand_there_once(string name, string value)
    {
        var escaped = $"\\u{(int)name[0]:x4}{name[1..]}";
        Assert.NotNull(Read($$"""{"{{escaped}}":{{value}}}"""));
        Assert.Null(Read($$"""{"{{name}}":{{value}},"{{name}}":{{value}}}"""));
        Assert.Null(Read($$"""{"{{name}}":{{value}},"{{escaped}}":{{value}}}"""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"x\"")]
    [InlineData("{} {}")]
    [InlineData("{}x")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{'sub':'x'}")]
    [InlineData("{\"\\ud800\":1}")]
    public void Refuses_what_is_no_object(string payload) => Assert.Null(Read(payload));

    [Fact]
    public void Refuses_invalid_utf_8_and_deep_nesting()
    {
        byte[] payload = [.. "{\"sub\":\"a"u8, 0xff, .. "\"}"u8];
        Assert.False(TokenClaims.TryRead(payload, out _));
        Assert.NotNull(Read($$"""{"a":{{new string('[', 60)}}{{new string(']', 60)}}}"""));
        Assert.Null(Read($$"""{"a":{{new string('[', 100)}}{{new string(']', 100)}}}"""));
    }

    [Fact]
    public void A_payload_cut_or_changed_anywhere_is_never_thrown_for()
    {
        var payload = Encoding.UTF8.GetBytes("""{"iss":"i\u00e9","sub":"s","aud":["a","b"],"exp":1700000000,"nbf":1,"iat":2,"o":{"x":[1,null]}}""");
        Assert.True(TokenClaims.TryRead(payload, out _));
        for (var length = 0; length < payload.Length; length++)
        {
            Assert.False(TokenClaims.TryRead(payload.AsSpan(0, length), out _));
        }

        var random = new Random(7519);
        for (var i = 0; i < 5_000; i++)
        {
            var changed = payload.ToArray();
            changed[random.Next(changed.Length)] = (byte)random.Next(256);
            changed[random.Next(changed.Length)] = (byte)random.Next(256);
            TokenClaims.TryRead(changed, out _);
        }
    }

    private static TokenClaims? Read(string payload) => TokenClaims.TryRead(Encoding.UTF8.GetBytes(payload), out var claims) ? claims : null;
}
