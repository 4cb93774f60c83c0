using System.Buffers.Text;
using System.Text;
using PeerSync.Protocol.Cryptography;
using PeerSync.Protocol.Sync;
using static PeerSync.Tests.Protocol.Sync.SyncCalls;

namespace PeerSync.Tests.Protocol.Sync;

public sealed class SyncTokenTests
{
    private static readonly SyncServerIdentity Server = SyncVectors.Server;
    private static readonly DateTimeOffset Noon = DateTimeOffset.FromUnixTimeMilliseconds(Now);

    [Fact]
    public void A_token_is_valid_for_an_hour_and_has_an_id_of_its_own()
    {
        var token = SyncToken.Create(Server, UserId, Noon, out var claims);
        Assert.Equal(Noon.ToUnixTimeSeconds(), claims.IssuedAt);
        Assert.Equal(SyncTokenStatus.Valid, SyncToken.Verify(Server, token, Noon.AddHours(1), out var read));
        Assert.Equal(claims, read);
        Assert.Equal(SyncTokenStatus.Expired, SyncToken.Verify(Server, token, Noon.AddSeconds(3601), out read));
        Assert.Null(read);
        SyncToken.Create(Server, UserId, Noon, out var other);
        Assert.NotEqual(claims.TokenId, other.TokenId);
        Assert.Equal(SyncTokenStatus.InvalidSignature, SyncToken.Verify(SyncServerIdentity.Generate(), token, Noon, out _));
    }

    [Fact]
    public void No_changed_character_is_accepted()
    {
        var token = SyncToken.Create(Server, UserId, Noon, out _);
        for (var i = 0; i < token.Length; i++)
        {
            foreach (var character in "A-.=é")
            {
                var changed = string.Concat(token.AsSpan(0, i), [character], token.AsSpan(i + 1));
                var status = SyncToken.Verify(Server, changed, Noon, out var claims);
                Assert.Equal(changed == token, status == SyncTokenStatus.Valid);
                Assert.Equal(changed == token, claims is not null);
            }

            Assert.NotEqual(SyncTokenStatus.Valid, SyncToken.Verify(Server, token.AsSpan(0, i), Noon, out _));
        }

        Assert.NotEqual(SyncTokenStatus.Valid, SyncToken.Verify(Server, token + "A", Noon, out _));
        Assert.Equal(SyncTokenStatus.InvalidFormat, SyncToken.Verify(Server, new string('a', 5000), Noon, out _));
    }

    [Theory]
    [InlineData("""{"alg":"none","typ":"JWT"}""")]
    [InlineData("""{"alg":"EdDSA","typ":"JWT"}""")]
    [InlineData("""{"typ":"JWT","alg":"Ed25519"}""")]
    [InlineData("""{"alg":"Ed25519","typ":"JWT","kid":"x"}""")]
    public void Another_header_is_refused_though_signed(string header)
    {
        var input = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header)) + "." + SyncToken.Create(Server, UserId, Noon, out _).Split('.')[1];
        Assert.Equal(SyncTokenStatus.InvalidFormat, SyncToken.Verify(Server, Sign(input), Noon, out _));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("""{"user_id":"ab","iat":1,"exp":9999999999,"jti":"e0e1e2e3e4e5e6e7e8e9eaebecedeeef"}""")]
    [InlineData("""{"user_id":"29acbae141bccaf0b22e1a94d34d0bc7361e526d0bfe12c89794bc9322966dd7","iat":1,"exp":"9999999999","jti":"e0e1e2e3e4e5e6e7e8e9eaebecedeeef"}""")]
    [InlineData("""{"user_id":"29acbae141bccaf0b22e1a94d34d0bc7361e526d0bfe12c89794bc9322966dd7","iat":1,"exp":1e400,"jti":"e0e1e2e3e4e5e6e7e8e9eaebecedeeef"}""")]
    [InlineData("""{"user_id":"29acbae141bccaf0b22e1a94d34d0bc7361e526d0bfe12c89794bc9322966dd7","iat":1,"exp":9999999999}""")]
    public void Other_claims_are_refused_though_signed(string payload)
    {
        var input = "eyJhbGciOiJFZDI1NTE5IiwidHlwIjoiSldUIn0." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload));
        var expected = payload.Length == 0 ? SyncTokenStatus.InvalidFormat : SyncTokenStatus.InvalidPayload;
        Assert.Equal(expected, SyncToken.Verify(Server, Sign(input), Noon, out _));
    }

    [Fact]
    public void A_continuation_token_is_good_for_one_user_and_device_and_an_hour()
    {
        var other = new DeviceId(Guid.NewGuid());
        foreach (var sequenceNr in new[] { 0, 1, 123456789012345, long.MaxValue })
        {
            var token = ContinuationToken.Create(Server, UserId, Device, sequenceNr, Now);
            Assert.Equal(ContinuationToken.TextLength, token.Length);
            Assert.True(ContinuationToken.TryRead(Server, token, UserId, Device, Now, out var read));
            Assert.Equal(sequenceNr, read);
            Assert.True(ContinuationToken.TryRead(Server, token, UserId, Device, Now + ContinuationToken.Lifetime, out _));
            Assert.False(ContinuationToken.TryRead(Server, token, UserId, Device, Now + ContinuationToken.Lifetime + 1, out read));
            Assert.Equal(0, read);
            Assert.False(ContinuationToken.TryRead(Server, token, UserId, other, Now, out _));
            Assert.False(ContinuationToken.TryRead(Server, token, Server.PublicKeyHex, Device, Now, out _));
            Assert.False(ContinuationToken.TryRead(SyncServerIdentity.Generate(), token, UserId, Device, Now, out _));
        }

        Assert.False(ContinuationToken.TryRead(Server, null, UserId, Device, Now, out _));
        Assert.False(ContinuationToken.TryRead(Server, SyncVectors.Text("continuation_token", "token"), UserId, Device, Now, out _));
        Assert.Throws<ArgumentException>(() => ContinuationToken.Create(Server, new string('a', 129), Device, 1, Now));
    }

    [Fact]
    public void No_changed_continuation_token_is_accepted()
    {
        var token = ContinuationToken.Create(Server, UserId, Device, 5, Now);
        for (var i = 0; i < token.Length; i++)
        {
            foreach (var character in "A-_z=é.")
            {
                var changed = string.Concat(token.AsSpan(0, i), [character], token.AsSpan(i + 1));
                Assert.Equal(changed == token, ContinuationToken.TryRead(Server, changed, UserId, Device, Now, out _));
            }

            Assert.False(ContinuationToken.TryRead(Server, token[..i], UserId, Device, Now, out _));
        }
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("00", null)]
    [InlineData("zz0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", null)]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", null)]
    [InlineData("-----BEGIN PUBLIC KEY-----\nMC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n-----END PUBLIC KEY-----", null)]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VuBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n-----END PRIVATE KEY-----", null)]
    [InlineData("-----BEGIN PRIVATE KEY-----", null)]
    [InlineData("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "zz")]
    [InlineData(
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        "29acbae141bccaf0b22e1a94d34d0bc7361e526d0bfe12c89794bc9322966dd7")]
    public void An_unusable_identity_is_refused_without_being_named(string privateKey, string? publicKey)
    {
        var exception = Assert.Throws<SyncServerIdentityException>(() => SyncServerIdentity.Parse(privateKey, publicKey));
        Assert.StartsWith("The server's ", exception.Message);
        Assert.DoesNotContain("0001020304", exception.Message);
        Assert.Throws<SyncServerIdentityException>(() => SyncServerIdentity.FromSeed(new byte[31]));
    }

    [Fact]
    public void An_identity_may_have_white_space_around_it()
    {
        var seed = SyncVectors.Text("inputs", "server_identity", "seed_hex");
        Assert.Equal(Server.PublicKeyHex, SyncServerIdentity.Parse($" {seed.ToUpperInvariant()}\n", $" {Server.PublicKeyHex}\n").PublicKeyHex);
        var pem = SyncVectors.Text("server_key_pem", "pem").Replace("\n", "\\r\\n", StringComparison.Ordinal);
        Assert.Equal(Server.PublicKeyHex, SyncServerIdentity.Parse(pem, "").PublicKeyHex);
        Assert.NotEqual(SyncServerIdentity.Generate().PublicKeyHex, SyncServerIdentity.Generate().PublicKeyHex);
    }

    [Theory]
    [InlineData("""{ "b" : [ 1.50 , true , null , { } , [ ] ] , "a" : { "x" : "\/\u0041\u000b" } }""", """{"b":[1.50,true,null,{},[]],"a":{"x":"/A\u000b"}}""")]
    [InlineData("""{"signature":{"a":1},"b":1,"timestamp":[2],"c":{"signature":3}}""", """{"b":1,"c":{"signature":3}}""")]
    [InlineData("{}", "{}")]
    [InlineData("""{"sign\u0061ture":1}""", "{}")]
    [InlineData("[]", null)]
    [InlineData("", null)]
    [InlineData("""{"a":1}x""", null)]
    [InlineData("""{"a":""", null)]
    public void A_body_is_written_again_as_javascript_would(string body, string? expected)
    {
        var isWritten = false;
        var text = SyncVectors.Write(output => isWritten = ProfileSignature.TryWriteAsReceived(output, Encoding.UTF8.GetBytes(body)));
        Assert.Equal(expected is not null, isWritten);
        Assert.Equal(expected ?? text, text);
    }

    private static string Sign(string input)
    {
        var signature = new byte[Ed25519.SignatureSize];
        Server.Sign(Encoding.ASCII.GetBytes(input), signature);
        return $"{input}.{Base64Url.EncodeToString(signature)}";
    }
}
