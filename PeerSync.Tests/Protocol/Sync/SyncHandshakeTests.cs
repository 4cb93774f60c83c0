using System.Security.Cryptography;
using PeerSync.Protocol.Cryptography;
using PeerSync.Protocol.Sync;
using static PeerSync.Tests.Protocol.Sync.SyncCalls;

namespace PeerSync.Tests.Protocol.Sync;

public sealed class SyncHandshakeTests
{
    private static readonly string Point = SyncVectors.Text("inputs", "client_ephemeral", "public_hex_uncompressed");
    private static readonly string Nonce = SyncVectors.Text("inputs", "nonce_c");
    private static readonly string Signature = SyncVectors.Text("client_auth_signature", "signature_hex");

    [Theory]
    [InlineData("client_ephemeral_pub", null, "Missing or invalid client_ephemeral_pub")]
    [InlineData("client_ephemeral_pub", "5", "Missing or invalid client_ephemeral_pub")]
    [InlineData("client_ephemeral_pub", "\"\"", "Missing or invalid client_ephemeral_pub")]
    [InlineData("nonce_c", null, "Missing or invalid nonce_c")]
    [InlineData("nonce_c", "null", "Missing or invalid nonce_c")]
    [InlineData("nonce_c", "\"ab\"", "Invalid nonce format")]
    [InlineData("nonce_c", "\"zz8182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f\"", "Invalid nonce format")]
    [InlineData(
        "client_ephemeral_pub",
        "\"ab\"",
        "handleClientHello failed: ECDH secret computation failed: Invalid public key hex length: expected 130 (65 bytes), got 2")]
    public void A_refused_hello_names_its_text(string name, string? value, string reason)
    {
        var json = With(new() { ["type"] = "\"client_hello\"", ["client_ephemeral_pub"] = $"\"{Point}\"", ["nonce_c"] = $"\"{Nonce}\"" }, name, value);
        Assert.False(SyncReader.TryReadClientHello(Ok(json), out var hello, out var refusal));
        Assert.Null(hello);
        Assert.Equal(new SyncClose(1008, reason), refusal);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(64, 32)]
    [InlineData(129, 64)]
    public void A_key_that_is_not_hex_is_named_by_what_could_be_read(int position, int bytes)
    {
        var json = $$"""{"type":"client_hello","client_ephemeral_pub":"{{Point[..position]}}z{{Point[(position + 1)..]}}","nonce_c":"{{Nonce}}"}""";
        Assert.False(SyncReader.TryReadClientHello(Ok(json), out _, out var refusal));
        Assert.Equal(
            $"handleClientHello failed: ECDH secret computation failed: Invalid public key buffer length: expected 65 bytes, got {bytes}",
            refusal.Reason);
    }

    [Theory]
    [InlineData("user_id", null, "Missing or invalid user_id")]
    [InlineData("user_id", "7", "Missing or invalid user_id")]
    [InlineData("device_id", null, "Missing or invalid device_id")]
    [InlineData("client_signature", null, "Missing or invalid client_signature")]
    [InlineData("nonce_c2", null, "Missing or invalid nonce_c2")]
    [InlineData("nonce_c2", "\"abcd\"", "Invalid nonce_c2 format")]
    [InlineData("user_id", "\"d2c0725e1ccba2a6e8c6d3b1c9d3597d4d19722c7a894d0fa35ffba42733dd\"", "Invalid public key length")]
    [InlineData("device_id", "\"my-phone\"", "Invalid device_id")]
    [InlineData("device_id", "\"01a1fd30-ce27-7ad7-a75e-bdb1ee0f4712\"", "Invalid device_id")]
    [InlineData("device_id", "\"{11111111-2222-4333-8444-555555555555}\"", "Invalid device_id")]
    [InlineData("device_id", "\"11111111222243338444555555555555\"", "Invalid device_id")]
    [InlineData("device_type", "\"fridge\"", "Invalid device_type")]
    [InlineData("device_type", "1", "Invalid device_type")]
    [InlineData("device_type", "[]", "Invalid device_type")]
    [InlineData("device_name", "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"", "Invalid device_name")]
    [InlineData("device_name", "\"a\\u0000b\"", "Invalid device_name")]
    [InlineData("device_name", "true", "Invalid device_name")]
    [InlineData("device_name", "{}", "Invalid device_name")]
    public void A_refused_auth_names_its_text(string name, string? value, string reason)
    {
        Assert.False(SyncReader.TryReadClientAuth(Ok(Auth(name, value)), out var auth, out var refusal));
        Assert.Null(auth);
        Assert.Equal(new SyncClose(1008, reason), refusal);
    }

    [Theory]
    [InlineData("nonce_c2", "\"abcd\"", "user_id", "\"ab\"", "Invalid nonce_c2 format")]
    [InlineData("user_id", "\"ab\"", "device_id", "\"x\"", "Invalid public key length")]
    [InlineData("user_id", null, "device_id", null, "Missing or invalid user_id")]
    [InlineData("client_signature", null, "nonce_c2", "\"abcd\"", "Missing or invalid client_signature")]
    public void The_first_check_that_fails_decides(string name, string? value, string other, string? otherValue, string reason)
    {
        var members = AuthMembers();
        With(members, name, value);
        var json = With(members, other, otherValue);
        Assert.False(SyncReader.TryReadClientAuth(Ok(json), out _, out var refusal));
        Assert.Equal(reason, refusal.Reason);
    }

    [Theory]
    [InlineData("device_name", "\"\"", null)]
    [InlineData("device_name", "null", null)]
    [InlineData("device_name", "7", "7")]
    [InlineData("device_name", "\"Desktop - 1/2/2026\"", "Desktop - 1/2/2026")]
    [InlineData("device_name", "\"\\ud83d\\ude00\"", "😀")]
    [InlineData("device_name", "\"a\\ud800\"", "a\uFFFD")]
    [InlineData("device_name", "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    [InlineData("device_type", "\"mobile\"", "mobile")]
    [InlineData("device_type", "\"desktop\"", "desktop")]
    [InlineData("device_type", "\"w\\u0065b\"", "web")]
    [InlineData("device_type", "\"\"", null)]
    [InlineData("device_type", "null", null)]
    public void Optional_fields_may_be_empty(string name, string value, string? expected)
    {
        Assert.True(SyncReader.TryReadClientAuth(Ok(Auth(name, value)), out var auth, out var refusal));
        Assert.Equal(default, refusal);
        Assert.Equal(name == "device_name" ? expected : null, auth.DeviceName);
        Assert.Equal(name == "device_type" ? expected : null, auth.DeviceType);
    }

    [Theory]
    [InlineData("client_signature", "\"nothex\"")]
    [InlineData("client_signature", "\"abcd\"")]
    [InlineData("user_id", "\"zzacbae141bccaf0b22e1a94d34d0bc7361e526d0bfe12c89794bc9322966dd7\"")]
    public void What_cannot_be_a_signature_is_read_and_then_verifies_nothing(string name, string value)
    {
        var handshake = new SyncHandshake(SyncVectors.Server);
        SyncVectors.Write(output => handshake.WriteServerHello(output, new ClientHello(Point, Convert.FromHexString(Point), Nonce)));
        Assert.True(SyncReader.TryReadClientAuth(Ok(Auth(name, value)), out var auth, out _));
        Assert.False(handshake.Verify(auth));
    }

    [Fact]
    public void Upper_case_ids_are_kept_as_sent_and_known_in_lower_case()
    {
        var json = Auth("device_id", "\"BFC92E2E-ADF3-4385-B6B0-B1043B889E92\"").Replace(UserId, UserId.ToUpperInvariant(), StringComparison.Ordinal);
        Assert.True(SyncReader.TryReadClientAuth(Ok(json), out var auth, out _));
        Assert.Equal("BFC92E2E-ADF3-4385-B6B0-B1043B889E92", auth.DeviceIdText);
        Assert.Equal("bfc92e2e-adf3-4385-b6b0-b1043b889e92", auth.DeviceId.ToString());
        Assert.Equal(UserId.ToUpperInvariant(), auth.UserIdText);
        Assert.Equal(UserId, auth.UserId);
    }

    [Fact]
    public void Each_handshake_has_its_own_key_and_nonce_and_one_hello()
    {
        var hello = new ClientHello(Point, Convert.FromHexString(Point), Nonce);
        var seed = Ed25519.GenerateSeed();
        var userId = Convert.ToHexStringLower(Ed25519.GetPublicKey(seed));
        var seen = new HashSet<string?>();
        for (var i = 0; i < 10; i++)
        {
            var handshake = new SyncHandshake(SyncVectors.Server);
            Assert.Null(handshake.ServerEphemeralPublicKey);
            SyncVectors.Write(output => handshake.WriteServerHello(output, hello));
            Assert.True(seen.Add(handshake.ServerEphemeralPublicKey) && seen.Add(handshake.NonceS));
            Assert.Throws<InvalidOperationException>(() => SyncVectors.Write(output => handshake.WriteServerHello(output, hello)));
            var digest = new byte[SyncSignatureText.DigestSize];
            SyncSignatureText.HashClientAuth(userId, DeviceIdText, Nonce, handshake.NonceS!, handshake.ServerEphemeralPublicKey!, digest);
            var auth = new ClientAuth(userId, userId, DeviceIdText, Device, Ed25519.Sign(seed, digest), null, null);
            Assert.True(handshake.Verify(auth));
            Assert.False(handshake.Verify(auth with { DeviceIdText = DeviceIdText.Replace('1', '2') }));
            Assert.False(new SyncHandshake(SyncVectors.Server).Verify(auth));
        }
    }

    [Fact]
    public void Ephemeral_keys_are_always_65_bytes_also_when_a_coordinate_begins_with_zero()
    {
        var found = 0;
        for (var i = 0; found < 3 && i < 20_000; i++)
        {
            using var key = SyncKeyAgreement.Generate();
            var point = new byte[SyncKeyAgreement.PointSize];
            SyncKeyAgreement.ExportPoint(key, point);
            if (point[1] != 0 && point[33] != 0)
            {
                continue;
            }

            found++;
            var json = $$"""{"type":"client_hello","client_ephemeral_pub":"{{Convert.ToHexStringLower(point)}}","nonce_c":"{{Nonce}}"}""";
            Assert.True(SyncReader.TryReadClientHello(Ok(json), out var hello, out _));
            Assert.Equal(point, hello.Point);
            using var peer = SyncKeyAgreement.Generate();
            var peerPoint = new byte[SyncKeyAgreement.PointSize];
            SyncKeyAgreement.ExportPoint(peer, peerPoint);
            Assert.Equal(SyncKeyAgreement.DeriveSecret(peer, point), SyncKeyAgreement.DeriveSecret(key, peerPoint));
        }

        Assert.Equal(3, found);
        var padded = new byte[SyncKeyAgreement.PointSize];
        SyncKeyAgreement.WritePoint([0xAB], [0xCD, 0xEF], padded);
        Assert.Equal("04" + new string('0', 62) + "ab" + new string('0', 60) + "cdef", Convert.ToHexStringLower(padded));
        Assert.Throws<ArgumentException>(() => SyncKeyAgreement.WritePoint(new byte[33], [], new byte[65]));
        Assert.Throws<ArgumentException>(() => SyncKeyAgreement.WritePoint([], [], new byte[64]));
    }

    [Fact]
    public void Points_are_judged_as_the_framework_judges_them()
    {
        var random = new Random(3);
        for (var i = 0; i < 200; i++)
        {
            using var key = SyncKeyAgreement.Generate();
            var point = new byte[SyncKeyAgreement.PointSize];
            SyncKeyAgreement.ExportPoint(key, point);
            if (i % 2 == 1)
            {
                point[random.Next(1, point.Length)] ^= (byte)(1 << random.Next(8));
            }

            var json = $$"""{"type":"client_hello","client_ephemeral_pub":"{{Convert.ToHexStringLower(point)}}","nonce_c":"{{Nonce}}"}""";
            Assert.Equal(IsAccepted(point), SyncReader.TryReadClientHello(Ok(json), out _, out _));
        }

        // The prime itself, in place of zero, is not a coordinate: there is a point with x = 0, but only one way to write it.
        const string prime = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
        const string rootOfB = "66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4";
        Assert.True(Accepts("04" + new string('0', 64) + rootOfB));
        Assert.False(Accepts("04" + prime + rootOfB));
    }

    private static bool Accepts(string point) => SyncReader.TryReadClientHello(
        Ok($$"""{"type":"client_hello","client_ephemeral_pub":"{{point}}","nonce_c":"{{Nonce}}"}"""), out _, out _);

    private static bool IsAccepted(byte[] point)
    {
        try
        {
            using var key = ECDiffieHellman.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = point[1..33], Y = point[33..] },
            });
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static Dictionary<string, string> AuthMembers() => new()
    {
        ["type"] = "\"client_auth\"",
        ["user_id"] = $"\"{UserId}\"",
        ["device_id"] = $"\"{DeviceIdText}\"",
        ["client_signature"] = $"\"{Signature}\"",
        ["nonce_c2"] = $"\"{Nonce}\"",
    };

    private static string Auth(string name, string? value) => With(AuthMembers(), name, value);

    private static string With(Dictionary<string, string> members, string name, string? value)
    {
        if (value is null)
        {
            members.Remove(name);
        }
        else
        {
            members[name] = value;
        }

        return Object(members);
    }
}
