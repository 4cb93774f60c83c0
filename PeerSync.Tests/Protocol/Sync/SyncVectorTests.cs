using System.Security.Cryptography;
using System.Text;
using PeerSync.Protocol.Cryptography;
using PeerSync.Protocol.Sync;
using static PeerSync.Tests.Protocol.Sync.SyncVectors;

namespace PeerSync.Tests.Protocol.Sync;

public sealed class SyncVectorTests
{
    private static readonly string NonceC = Text("inputs", "nonce_c");
    private static readonly string NonceS = Text("inputs", "nonce_s");
    private static readonly string ServerEphemeral = Text("inputs", "server_ephemeral", "public_hex_uncompressed");
    private static readonly string UserId = Text("inputs", "client_identity", "public_key_hex");
    private static readonly string DeviceIdText = Text("inputs", "device_id");

    [Fact]
    public void The_identities_lead_to_their_public_keys()
    {
        Assert.Equal(Text("inputs", "server_identity", "public_key_hex"), Server.PublicKeyHex);
        Assert.Equal(Bytes("inputs", "client_identity", "public_key_hex"), Ed25519.GetPublicKey(Bytes("inputs", "client_identity", "seed_hex")));
    }

    [Theory]
    [InlineData("client_ephemeral", "server_ephemeral")]
    [InlineData("server_ephemeral", "client_ephemeral")]
    public void Both_sides_share_the_secret(string own, string other)
    {
        using var key = Ephemeral(own);
        var point = new byte[SyncKeyAgreement.PointSize];
        SyncKeyAgreement.ExportPoint(key, point);
        Assert.Equal(Bytes("inputs", own, "public_hex_uncompressed"), point);
        Assert.Equal(Bytes("ecdh", "shared_secret_hex"), SyncKeyAgreement.DeriveSecret(key, Bytes("inputs", other, "public_hex_uncompressed")));
    }

    [Fact]
    public void The_session_keys_are_those_of_each_side()
    {
        var client = Bytes("inputs", "client_ephemeral", "public_hex_uncompressed");
        var server = Bytes("inputs", "server_ephemeral", "public_hex_uncompressed");
        var secret = Bytes("ecdh", "shared_secret_hex");
        Assert.Equal(Bytes("session_keys", "salt_hex"), SHA256.HashData([.. client, .. server]));
        Assert.Equal(
            Bytes("session_keys", "server_view", "client_key_hex"),
            SyncKeyAgreement.DeriveSessionKey(secret, client, server, SyncKeyAgreement.ClientToServerInfo));
        Assert.Equal(
            Bytes("session_keys", "server_view", "server_key_hex"),
            SyncKeyAgreement.DeriveSessionKey(secret, client, server, SyncKeyAgreement.ServerToClientInfo));
        Assert.Equal(
            Bytes("session_keys", "web_client_view", "client_key_hex"),
            SyncKeyAgreement.DeriveSessionKey(secret, client, server, SyncKeyAgreement.WebClientInfo));
    }

    [Fact]
    public void The_server_signs_the_recorded_digest()
    {
        Assert.Equal(Text("server_hello_signature", "preimage_utf8"), Server.PublicKeyHex + ServerEphemeral + NonceC + NonceS);
        var digest = new byte[SyncSignatureText.DigestSize];
        SyncSignatureText.HashServerHello(Server.PublicKeyHex, ServerEphemeral, NonceC, NonceS, digest);
        Assert.Equal(Bytes("server_hello_signature", "sha256_hex"), digest);
        var signature = new byte[Ed25519.SignatureSize];
        Server.Sign(digest, signature);
        Assert.Equal(Bytes("server_hello_signature", "signature_hex"), signature);
        Assert.True(Server.Verify(digest, signature));
    }

    [Fact]
    public void The_client_signs_the_recorded_digest()
    {
        var digest = new byte[SyncSignatureText.DigestSize];
        SyncSignatureText.HashClientAuth(UserId, DeviceIdText, NonceC, NonceS, ServerEphemeral, digest);
        Assert.Equal(Bytes("client_auth_signature", "sha256_hex"), digest);
        Assert.Equal(Bytes("client_auth_signature", "signature_hex"), Ed25519.Sign(Bytes("inputs", "client_identity", "seed_hex"), digest));
    }

    [Fact]
    public void The_whole_handshake_is_the_recorded_one()
    {
        var hello = ReadHello(Text("messages", "client_hello"));
        Assert.Equal(Text("inputs", "client_ephemeral", "public_hex_uncompressed"), hello.EphemeralPublicKey);
        Assert.Equal(Bytes("inputs", "client_ephemeral", "public_hex_uncompressed"), hello.Point);
        Assert.Equal(NonceC, hello.NonceC);
        var handshake = new SyncHandshake(Server, ServerEphemeral, NonceS);
        Assert.Equal(Text("messages", "server_hello"), Write(output => handshake.WriteServerHello(output, hello)));
        var auth = ReadAuth(Text("messages", "client_auth"));
        Assert.Equal(
            new ClientAuth(UserId, UserId, DeviceIdText, SyncCalls.Device, auth.Signature, "Desktop - 1/2/2026", "desktop"),
            auth);
        Assert.Equal(Bytes("client_auth_signature", "signature_hex"), auth.Signature);
        Assert.True(handshake.Verify(auth));
        Assert.Equal(
            Text("messages", "session_established_template"),
            Write(output => SyncWriter.SessionEstablished(output, auth.DeviceIdText, 0, 1767312000000)));
    }

    [Fact]
    public void Texts_are_hashed_as_sent()
    {
        var nonceC = Text("client_auth_signature_uppercase_inputs", "nonce_c");
        var userId = Text("client_auth_signature_uppercase_inputs", "user_id");
        var hello = ReadHello(Text("messages", "client_hello").Replace(NonceC, nonceC, StringComparison.Ordinal));
        var handshake = new SyncHandshake(Server, ServerEphemeral, NonceS);
        Write(output => handshake.WriteServerHello(output, hello));
        var auth = ReadAuth(Text("messages", "client_auth")
            .Replace(UserId, userId, StringComparison.Ordinal)
            .Replace(
                Text("client_auth_signature", "signature_hex"),
                Text("client_auth_signature_uppercase_inputs", "signature_hex").ToUpperInvariant(),
                StringComparison.Ordinal));
        Assert.Equal(userId, auth.UserIdText);
        Assert.Equal(UserId, auth.UserId);
        Assert.True(handshake.Verify(auth));
        Assert.False(handshake.Verify(auth with { UserIdText = UserId }));
    }

    [Fact]
    public void Every_wrong_signature_is_refused_the_non_canonical_one_too()
    {
        var handshake = new SyncHandshake(Server, ServerEphemeral, NonceS);
        Write(output => handshake.WriteServerHello(output, ReadHello(Text("messages", "client_hello"))));
        var auth = ReadAuth(Text("messages", "client_auth"));
        Assert.True(handshake.Verify(auth));
        var tried = 0;
        foreach (var vector in Element("client_auth_negative").EnumerateArray())
        {
            if (vector.TryGetProperty("signature_hex", out var signature))
            {
                Assert.False(handshake.Verify(auth with { Signature = Convert.FromHexString(signature.GetString()!) }), vector.GetRawText());
                tried++;
            }
        }

        Assert.Equal(3, tried);
        var preimage = Encoding.UTF8.GetBytes(Text("client_auth_signature", "preimage_utf8"));
        Assert.False(handshake.Verify(auth with { Signature = Ed25519.Sign(Bytes("inputs", "client_identity", "seed_hex"), preimage) }));
        var digest = Bytes("client_auth_signature", "sha256_hex");
        Assert.False(handshake.Verify(auth with { Signature = Ed25519.Sign(Bytes("inputs", "server_identity", "seed_hex"), digest) }));
    }

    [Fact]
    public void Every_rejected_point_is_refused_with_its_text()
    {
        foreach (var vector in Element("ecdh_rejections").EnumerateArray())
        {
            var json = Text("messages", "client_hello").Replace(
                Text("inputs", "client_ephemeral", "public_hex_uncompressed"), vector.GetProperty("public_hex").GetString(), StringComparison.Ordinal);
            Assert.False(SyncReader.TryReadClientHello(SyncCalls.Ok(json), out var hello, out var refusal));
            Assert.Null(hello);
            Assert.Equal(new SyncClose(1008, "handleClientHello failed: " + vector.GetProperty("result").GetString()), refusal);
        }
    }

    [Theory]
    [InlineData("valid_until_2100", SyncTokenStatus.Valid)]
    [InlineData("expired", SyncTokenStatus.Expired)]
    public void Recorded_tokens_are_made_and_read(string name, SyncTokenStatus expected)
    {
        var claims = new SyncTokenClaims(UserId, 1767225600, name == "expired" ? 1767229200 : 4102444800, "e0e1e2e3e4e5e6e7e8e9eaebecedeeef");
        var token = Text("jwt", name, "token");
        Assert.Equal(token, SyncToken.Create(Server, claims));
        var status = SyncToken.Verify(Server, token, new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero), out var read);
        Assert.Equal(expected, status);
        Assert.Equal(expected == SyncTokenStatus.Valid ? claims : null, read);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_pem_is_the_same_identity_with_real_and_with_escaped_line_ends(bool escaped)
    {
        var pem = Text("server_key_pem", "pem");
        var identity = SyncServerIdentity.Parse(escaped ? pem.Replace("\n", "\\n", StringComparison.Ordinal) : pem, Server.PublicKeyHex.ToUpperInvariant());
        Assert.Equal(Server.PublicKeyHex, identity.PublicKeyHex);
        var signature = new byte[Ed25519.SignatureSize];
        identity.Sign(Bytes("server_hello_signature", "sha256_hex"), signature);
        Assert.Equal(Bytes("server_hello_signature", "signature_hex"), signature);
    }

    [Theory]
    [InlineData("profile_update")]
    [InlineData("profile_update_text_rules")]
    [InlineData("profile_update_email_null")]
    public void Profile_updates_are_verified(string name)
    {
        var text = Text(name, "json_text");
        var signature = Text(name, "signature_hex");
        Assert.True(ProfileSignature.Verify(UserId, 1767225600000, Encoding.UTF8.GetBytes(text), signature));
        Assert.False(ProfileSignature.Verify(UserId, 1767225600001, Encoding.UTF8.GetBytes(text), signature));

        // As a body, whose text the server has to rebuild.
        var body = Encoding.UTF8.GetBytes($$"""{{text[..^1]}},"signature":"{{signature}}","timestamp":1767225600000}""");
        Assert.True(ProfileSignature.VerifyUpdate(UserId, 1767225600000, new ProfileUpdate(), body, signature));
    }

    [Fact]
    public void The_normalised_texts_are_the_recorded_ones()
    {
        Assert.Equal(Text("profile_update", "json_text"), Normalised(new ProfileUpdate
        {
            DisplayName = "Alice",
            HasEmail = true,
            Email = "alice@example.com",
            Preferences = new ProfilePreferences("dark", true, false),
        }));
        Assert.Equal(
            Text("profile_update_text_rules", "json_text"),
            Normalised(new ProfileUpdate { DisplayName = "Zoë \"q\" <b>&'/\\ 😀\n\u0001\u2028" }));
        Assert.Equal(Text("profile_update_email_null", "json_text"), Normalised(new ProfileUpdate { HasEmail = true }));
        Assert.Equal("{}", Normalised(new ProfileUpdate()));
        Assert.Equal("""{"preferences":{}}""", Normalised(new ProfileUpdate { Preferences = new ProfilePreferences(null, null, null) }));
    }

    [Theory]
    [InlineData("normalised")]
    [InlineData("as_returned")]
    public void Preferences_may_be_signed_in_either_order(string name)
    {
        var update = new ProfileUpdate { Preferences = new ProfilePreferences("dark", true, true) };
        var signature = Text("profile_update_preferences_order", name, "signature_hex");
        var json = Text("profile_update_preferences_order", name, "json_text");
        var body = Encoding.UTF8.GetBytes($$"""{"signature":"{{signature}}","timestamp":1767225600000,{{json[1..]}}""");
        Assert.True(ProfileSignature.VerifyUpdate(UserId, 1767225600000, update, body, signature));

        // The normalised text counts however the body is ordered; another order only if that very body was sent.
        var other = Encoding.UTF8.GetBytes("""{"preferences":{"autoSync":true,"theme":"dark","notifications":true}}""");
        Assert.Equal(name == "normalised", ProfileSignature.VerifyUpdate(UserId, 1767225600000, update, other, signature));
    }

    [Fact]
    public void The_end_of_the_onboarding_is_verified()
    {
        var signature = Text("onboarding_complete", "signature_hex");
        Assert.True(ProfileSignature.VerifyOnboardingComplete(UserId, 1767225600000, signature));
        Assert.True(ProfileSignature.VerifyOnboardingComplete(UserId, 1767225600000, signature.ToUpperInvariant()));
        Assert.False(ProfileSignature.VerifyOnboardingComplete(UserId, 1767225600001, signature));
        Assert.False(ProfileSignature.VerifyOnboardingComplete(UserId.ToUpperInvariant(), 1767225600000, signature));
        Assert.False(ProfileSignature.VerifyOnboardingComplete(Server.PublicKeyHex, 1767225600000, signature));
    }

    private static string Normalised(ProfileUpdate update) => Write(output => ProfileSignature.WriteNormalised(output, update));

    private static ClientHello ReadHello(string json)
    {
        Assert.True(SyncReader.TryReadClientHello(SyncCalls.Ok(json), out var hello, out _));
        return hello;
    }

    private static ClientAuth ReadAuth(string json)
    {
        Assert.True(SyncReader.TryReadClientAuth(SyncCalls.Ok(json), out var auth, out _));
        return auth;
    }

    private static ECDiffieHellman Ephemeral(string name)
    {
        var point = Bytes("inputs", name, "public_hex_uncompressed");
        return ECDiffieHellman.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            D = Bytes("inputs", name, "private_hex"),
            Q = new ECPoint { X = point[1..33], Y = point[33..] },
        });
    }
}
