using System.Text;
using System.Text.Json;
using PeerSync.Protocol.Sharing;

namespace PeerSync.Tests.Protocol.Sharing;

public sealed class SharingPublicKeyTests
{
    // RFC 7515, appendix A.3.1, without its private part.
    private const string X = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
    private const string Y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
    private const string Key = $$"""{"key_ops":[],"ext":true,"kty":"EC","x":"{{X}}","y":"{{Y}}","crv":"P-256"}""";

    [Theory]
    [InlineData(Key)]
    [InlineData($$""" { "crv" : "P-256", "kty":"E\u0043", "y":"{{Y}}", "x":"{{X}}", "kid":{"d":1} } """)]
    public void A_point_on_the_curve_is_a_key_with_a_thumbprint(string json)
    {
        Assert.True(Read(json, out var key));
        Assert.Equal("oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U", key!.Thumbprint);
        using var document = JsonDocument.Parse($"[{json}]");
        Assert.True(SharingPublicKey.TryRead(document.RootElement[0], out var again));
        Assert.Equal(key.Thumbprint, again.Thumbprint);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData($$"""{"kty":"EC","crv":"P-256","x":"{{X}}"}""")]
    [InlineData($$"""{"kty":"EC","crv":"P-256","x":"{{X}}","y":"{{X}}"}""")]
    [InlineData($$"""{"kty":"EC","crv":"P-384","x":"{{X}}","y":"{{Y}}"}""")]
    [InlineData($$"""{"kty":"OKP","crv":"P-256","x":"{{X}}","y":"{{Y}}"}""")]
    [InlineData($$"""{"kty":"EC","crv":"P-256","x":"{{X}}","y":"{{Y}}","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}""")]
    [InlineData($$"""{"kty":"EC","crv":"P-256","x":"{{X}}","y":"{{Y}}","d":null}""")]
    [InlineData($$"""{"kty":"EC","crv":"P-256","x":"{{X}}","y":"{{Y}}","y":"{{Y}}"}""")]
    [InlineData($$"""{"kty":"EC","crv":"P-256","x":"{{X}}","y":["{{Y}}"]}""")]
    [InlineData($$"""{"kty":"EC","crv":"P-256","x":"{{X}}=","y":"{{Y}}"}""")]
    [InlineData($$"""{"kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA"}""")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}""")]
    [InlineData("""{"kty":"RSA","n":"AQAB","e":"AQAB"}""")]
    [InlineData($"{Key}{Key}")]
    [InlineData($"{Key},")]
    public void What_is_no_point_on_the_curve_is_refused(string json) => Assert.False(Read(json, out _));

    [Fact]
    public void What_is_cut_too_long_or_random_is_refused()
    {
        for (var length = 0; length < Key.Length; length++)
        {
            Assert.False(Read(Key[..length], out _));
        }

        Assert.False(Read(Key[..^1] + $",\"kid\":\"{new string('k', SharingPublicKey.MaxLength)}\"}}", out _));
        var random = new Random(20_260_721);
        var text = Encoding.UTF8.GetBytes(Key);
        for (var i = 0; i < 2000; i++)
        {
            var bytes = text.ToArray();
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (SharingPublicKey.TryRead(bytes, out var key))
            {
                // A changed byte in a member that does not matter.
                Assert.Equal("oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U", key.Thumbprint);
            }

            random.NextBytes(bytes);
            Assert.False(SharingPublicKey.TryRead(bytes, out _));
        }
    }

    private static bool Read(string json, out SharingPublicKey? key) => SharingPublicKey.TryRead(Encoding.UTF8.GetBytes(json), out key);
}
