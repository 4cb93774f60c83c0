using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using PeerSync.Protocol.Identity;

namespace PeerSync.Tests.Identity;

/// <summary>The examples of RFC 7515 (appendix A), RFC 7519 (section 3.1) and RFC 8037 (appendix A).</summary>
public sealed class RfcVectorTests
{
    private const string Payload = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

    // The same token stands in RFC 7519, section 3.1.
    private const string A1 = $"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{Payload}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    private const string A2 = $"eyJhbGciOiJSUzI1NiJ9.{Payload}."
        + "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_n"
        + "ZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6"
        + "LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";

    private const string A3 = $"eyJhbGciOiJFUzI1NiJ9.{Payload}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    private const string Rfc8037 = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
        + "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

    private const string RsaModulus = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPE"
        + "wOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7"
        + "aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";

    private static readonly byte[] A1Secret = Decode("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");

    private static readonly JsonWebKeySet Keys = JsonWebKeySet.Parse(Encoding.UTF8.GetBytes(TestKeys.KeySet(
        $$"""{"kty":"RSA","kid":"A.2","n":"{{RsaModulus}}","e":"AQAB"}""",
        """{"kty":"EC","kid":"A.3","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}""",
        """{"kty":"OKP","kid":"8037","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""")));

    [Fact]
    public void Rfc_7515_a1_hs256()
    {
        var token = Parse(A1);
        Assert.Equal(SignatureAlgorithm.Hs256, token.Algorithm);
        Assert.True(token.Verify(VerificationKey.Hs256(A1Secret)));
        AssertPayload(token);
        Assert.Equal(Decode(A1.Split('.')[2]), SigningKey.Hs256(A1Secret).Sign(token.SigningInput));
    }

    [Fact]
    public void Rfc_7515_a2_rs256()
    {
        var token = Parse(A2);
        Assert.True(token.Verify(Keys.Find("A.2")!));
        AssertPayload(token);
        var key = SigningKey.Rs256(new RSAParameters
        {
            Modulus = Decode(RsaModulus),
            Exponent = Decode("AQAB"),
            D = Decode(
                "Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7_GQ5sLKMgvfTeXZx9SE-7YwVol2NXOoAJe46sui395IW_GO-pWJ1O0BkTGoVEn2bKVRUCgu-GjBVaYLU"
                    + "6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0M_V51gfpRLI9JYanrC4D4qAdGcopV_0ZHHzQlBjudU2QvXt4ehNYTCBr6XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl_x_jTj3ccPDVZFD9p"
                    + "IuhLhBOneufuBiB4cS98l2SR_RQyGWSeWjnczT0QU91p1DhOVRuOopznQ"),
            P = Decode(
                "4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw_Py5PJdTJNPY8cQn7ouZ2KKDcmnPGBY5t7yLc1QlQ5xHdwW1VhvKn-n"
                    + "XqhJTBgIPgtldC-KDV5z-y2XDwGUc"),
            Q = Decode(
                "uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD_YwD66t62wDmpe_HlB-TnBA-njbglfIsRLtXlnDzQkv5dTltRJ"
                    + "11BKBBypeeF6689rjcJIDEz9RWdc"),
            DP = Decode(
                "BwKfV3Akq5_MFZDFZCnW-wzl-CCo83WoZvnLQwCTeDv8uzluRSnm71I3QCLdhrqE2e9YkxvuxdBfpT_PI7Yz-FOKnu1R6HsJeDCjn12Sk3vmAktV2zb34MCdy7cpdTh_YVr7tss2u6vneTw"
                    + "rA86rZtu5Mbr1C1XsmvkxHQAdYo0"),
            DQ = Decode(
                "h_96-mK1R_7glhsum81dZxjTnYynPbZpHziZjeeHcXYsXaaMwkOlODsWa7I9xXDoRwbKgB719rrmI2oKr6N3Do9U0ajaHF-NKJnwgjMd2w9cjz3_-kyNlxAr2v4IKhGNpmM5iIgOS1VZnOZ"
                    + "68m6_pbLBSp3nssTdlqvd0tIiTHU"),
            InverseQ = Decode(
                "IYd7DHOhrWvxkwPQsRM2tOgrjbcrfvtQJipd-DlcxyVuuM9sQLdgjVk2oy26F0EmpScGLq2MowX7fhd_QJQ3ydy5cY7YIBi87w93IKLEdfnbJtoOPLUW0ITrJReOgo1cq9SbsxYawBgfp_g"
                    + "h6A5603k2-ZQwVK0JKSHuLFkuQ3U"),
        });
        Assert.Equal(Decode(A2.Split('.')[2]), key.Sign(token.SigningInput));
    }

    [Fact]
    public void Rfc_7515_a3_es256()
    {
        var token = Parse(A3);
        Assert.True(token.Verify(Keys.Find("A.3")!));
        AssertPayload(token);

        // ECDSA takes a random number a signature, so only the round trip can be compared.
        var key = SigningKey.Es256(new ECParameters
        {
            Q = new ECPoint { X = Decode("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"), Y = Decode("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0") },
            D = Decode("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"),
        });
        Assert.True(Keys.Find("A.3")!.Verify(token.SigningInput, key.Sign(token.SigningInput)));
    }

    [Fact]
    public void Rfc_7515_a5_unsecured_is_refused() => Assert.False(JsonWebToken.TryParse($"eyJhbGciOiJub25lIn0.{Payload}.", out _));

    [Fact]
    public void Rfc_8037_eddsa()
    {
        var token = Parse(Rfc8037);
        Assert.True(token.Verify(Keys.Find("8037")!));
        Assert.Equal("Example of Ed25519 signing", Encoding.ASCII.GetString(token.Payload));
        Assert.False(token.TryReadClaims(out _));
        Assert.Equal(Decode(Rfc8037.Split('.')[2]), SigningKey.EdDsa(Decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")).Sign(token.SigningInput));
    }

    [Theory]
    [InlineData(A1)]
    [InlineData(A2)]
    [InlineData(A3)]
    [InlineData(Rfc8037)]
    public void Each_fails_with_any_other_key_and_with_any_changed_byte(string text)
    {
        VerificationKey[] keys = [VerificationKey.Hs256(A1Secret), Keys.Find("A.2")!, Keys.Find("A.3")!, Keys.Find("8037")!];
        var right = Assert.Single(keys, key => Parse(text).Verify(key));
        for (var i = 0; i < text.Length; i++)
        {
            var changed = text.ToCharArray();
            changed[i] = changed[i] == 'A' ? 'B' : 'A';
            Assert.False(JsonWebToken.TryParse(changed, out var token) && token.Verify(right), $"changed at {i}");
        }
    }

    private static void AssertPayload(JsonWebToken token)
    {
        Assert.Equal("{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}", Encoding.UTF8.GetString(token.Payload));
        Assert.True(token.TryReadClaims(out var claims));
        Assert.Equal("joe", claims.Issuer);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1300819380), claims.ExpiresAt);
        Assert.Null(claims.Subject);
        Assert.Empty(claims.Audiences);
    }

    private static JsonWebToken Parse(string text)
    {
        Assert.True(JsonWebToken.TryParse(text, out var token));
        return token;
    }

    private static byte[] Decode(string text) => Base64Url.DecodeFromChars(text);
}
