using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using PeerSync.Actors.Identity;
using PeerSync.Host.Identity;
using PeerSync.Protocol.Identity;

namespace PeerSync.Tests.Identity;

public sealed class TokenVerifierTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly IdentityClock _clock = new();
    private KeyServer _server = null!;
    private IdentityServices _identity = null!;

    private string Issuer => _server.Url + "/auth/v1";

    private long Now => _clock.GetUtcNow().ToUnixTimeSeconds();

    public async ValueTask InitializeAsync()
    {
        _server = await KeyServer.StartAsync(TestKeys.RsaJwk("r"), TestKeys.EcJwk("e"), TestKeys.EdJwk("d"));
        _identity = Create();
    }

    public async ValueTask DisposeAsync()
    {
        await _identity.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("""{"alg":"HS256","typ":"JWT"}""")]
    [InlineData("""{"alg":"HS256","kid":"whatever"}""")]
    [InlineData("""{"alg":"HS256","kid":"r"}""")]
    [InlineData("""{"alg":"RS256","kid":"r"}""")]
    [InlineData("""{"alg":"ES256","kid":"e"}""")]
    [InlineData("""{"alg":"EdDSA","kid":"d"}""")]
    public async Task Accepts_the_four_algorithms(string header)
    {
        var verification = await Verify(TestKeys.Craft(header, Claims(), KeyFor(header)));
        Assert.True(verification.IsValid);
        Assert.Equal("alice", verification.Identity.UserId.Value);
        Assert.Equal(_clock.GetUtcNow().AddHours(1), verification.Identity.ExpiresAt);
    }

    [Fact]
    public async Task Many_threads_verify_at_once()
    {
        string[] headers = ["""{"alg":"HS256"}""", """{"alg":"RS256","kid":"r"}""", """{"alg":"ES256","kid":"e"}""", """{"alg":"EdDSA","kid":"d"}"""];
        var genuine = headers.Select(header => TestKeys.Craft(header, Claims(), KeyFor(header))).ToArray();
        var forged = headers.Select(header => TestKeys.Craft(header, Claims(subject: "\"bob\""), input => KeyFor(header).Sign([.. input, 0]))).ToArray();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            for (var i = worker; i < worker + 100; i++)
            {
                Assert.Equal("alice", (await Verify(genuine[i % 4])).Identity?.UserId.Value);
                Assert.Equal(TokenStatus.Invalid, (await Verify(forged[i % 4])).Status);
            }
        })));
        Assert.Equal(1, _server.Requests);
    }

    [Fact]
    public async Task Hs256_needs_no_key_service()
    {
        await _server.DisposeAsync();
        Assert.Equal(TokenStatus.Valid, (await Verify(Hs256(Claims()))).Status);
        Assert.Equal(TokenStatus.Unavailable, (await Verify(TestKeys.Craft("""{"alg":"RS256","kid":"r"}""", Claims(), TestKeys.Rs256))).Status);
    }

    [Theory]
    [InlineData("""{"alg":"RS256"}""")]
    [InlineData("""{"alg":"ES256"}""")]
    [InlineData("""{"alg":"EdDSA"}""")]
    [InlineData("""{"alg":"RS256","kid":"unknown"}""")]
    [InlineData("""{"alg":"RS256","kid":""}""")]
    [InlineData("""{"alg":"RS256","kid":"e"}""")]
    [InlineData("""{"alg":"ES256","kid":"r"}""")]
    [InlineData("""{"alg":"EdDSA","kid":"e"}""")]
    public async Task A_published_key_is_found_by_its_name_and_only_for_its_algorithm(string header) =>
        Assert.Equal(TokenStatus.Invalid, (await Verify(TestKeys.Craft(header, Claims(), KeyFor(header)))).Status);

    [Fact]
    public async Task No_signature_and_no_algorithm_are_refused()
    {
        var payload = Claims();
        var genuine = Hs256(payload);
        foreach (var algorithm in new[] { "none", "None", "NONE", "nOnE", "" })
        {
            Assert.Equal(TokenStatus.Invalid, (await Verify(TestKeys.Craft($$"""{"alg":"{{algorithm}}"}""", payload, _ => []))).Status);
        }

        foreach (var header in new[] { """{"alg":"HS256"}""", """{"alg":"RS256","kid":"r"}""", """{"alg":"ES256","kid":"e"}""", """{"alg":"EdDSA","kid":"d"}""" })
        {
            foreach (var length in new[] { 0, 1, 32, 64, 256 })
            {
                Assert.Equal(TokenStatus.Invalid, (await Verify(TestKeys.Craft(header, payload, _ => new byte[length]))).Status);
            }
        }

        Assert.Equal(TokenStatus.Valid, (await Verify(genuine)).Status);
    }

    [Fact]
    public async Task A_public_key_is_no_shared_secret()
    {
        string[] headers = ["""{"alg":"HS256"}""", """{"alg":"HS256","kid":"r"}""", """{"alg":"RS256","kid":"r"}"""];
        byte[][] secrets =
        [
            Encoding.UTF8.GetBytes(TestKeys.Rsa.ExportSubjectPublicKeyInfoPem()),
            Encoding.UTF8.GetBytes(TestKeys.Rsa.ExportSubjectPublicKeyInfoPem() + "\n"),
            Encoding.UTF8.GetBytes(TestKeys.Rsa.ExportRSAPublicKeyPem()),
            TestKeys.Rsa.ExportSubjectPublicKeyInfo(),
            TestKeys.Rsa.ExportRSAPublicKey(),
            TestKeys.Rsa.ExportParameters(false).Modulus!,
            Encoding.UTF8.GetBytes(TestKeys.RsaJwk("r")),
            TestKeys.Ec.ExportSubjectPublicKeyInfo(),
            [],
        ];
        await using var local = CreateLocal(new LocalIssuerOptions { PublicKey = TestKeys.Rsa.ExportSubjectPublicKeyInfoPem() });
        var localClaims = LocalClaims("");
        foreach (var header in headers)
        {
            foreach (var secret in secrets)
            {
                Assert.Equal(TokenStatus.Invalid, (await Verify(TestKeys.Craft(header, Claims(), input => HMACSHA256.HashData(secret, input)))).Status);
                var token = TestKeys.Craft(header, localClaims, input => HMACSHA256.HashData(secret, input));
                Assert.Equal(TokenStatus.Invalid, (await local.Verifier.VerifyAsync(token, CancellationToken.None)).Status);
            }
        }

        // The control: the same claims, rightly signed.
        Assert.True((await local.Verifier.VerifyAsync(TestKeys.Craft("""{"alg":"RS256"}""", localClaims, TestKeys.Rs256), CancellationToken.None)).IsValid);
    }

    [Fact]
    public async Task Longer_hashes_are_refused_even_with_the_right_secret()
    {
        var secret = Encoding.UTF8.GetBytes(TestKeys.Secret);
        Assert.Equal(TokenStatus.Invalid, (await Verify(TestKeys.Craft("""{"alg":"HS384"}""", Claims(), input => HMACSHA384.HashData(secret, input)))).Status);
        Assert.Equal(TokenStatus.Invalid, (await Verify(TestKeys.Craft("""{"alg":"HS512"}""", Claims(), input => HMACSHA512.HashData(secret, input)))).Status);
        Assert.Equal(TokenStatus.Invalid, (await Verify(TestKeys.Craft("""{"alg":"HS256"}""", Claims(), input => HMACSHA512.HashData(secret, input)))).Status);
        var truncated = TestKeys.Craft("""{"alg":"HS256"}""", Claims(), input => HMACSHA256.HashData(secret, input)[..16]);
        Assert.Equal(TokenStatus.Invalid, (await Verify(truncated)).Status);
    }

    [Fact]
    public async Task A_secret_is_its_text_and_not_what_the_text_may_stand_for()
    {
        var secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(48));
        await using var identity = Create(secret);
        var asText = TestKeys.Craft("""{"alg":"HS256"}""", Claims(), SigningKey.Hs256(Encoding.UTF8.GetBytes(secret)));
        var decoded = TestKeys.Craft("""{"alg":"HS256"}""", Claims(), SigningKey.Hs256(Convert.FromBase64String(secret)));
        Assert.True((await identity.Verifier.VerifyAsync(asText, CancellationToken.None)).IsValid);
        Assert.False((await identity.Verifier.VerifyAsync(decoded, CancellationToken.None)).IsValid);
    }

    [Fact]
    public async Task Keys_that_a_header_brings_along_are_ignored()
    {
        using var own = RSA.Create(2048);
        var jwk = TestKeys.RsaJwk("r", own);
        var header = $$"""{"alg":"RS256","kid":"r","jwk":{{jwk}},"jku":"{{_server.Url}}/own","x5u":"{{_server.Url}}/own","x5c":["AA"]}""";
        Assert.Equal(TokenStatus.Invalid, (await Verify(TestKeys.Craft(header, Claims(), SigningKey.Rs256(own.ExportParameters(true))))).Status);
        Assert.Equal(1, _server.Requests);
    }

    [Fact]
    public async Task An_es256_signature_has_64_bytes_and_no_der()
    {
        const string Header = """{"alg":"ES256","kid":"e"}""";
        byte[] Der(byte[] input) => TestKeys.Ec.SignData(input, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        byte[] Plain(byte[] input) => TestKeys.Ec.SignData(input, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        Assert.Equal(TokenStatus.Invalid, (await Verify(TestKeys.Craft(Header, Claims(), Der))).Status);
        Assert.Equal(TokenStatus.Invalid, (await Verify(TestKeys.Craft(Header, Claims(), input => [.. Plain(input), 0]))).Status);
        Assert.Equal(TokenStatus.Invalid, (await Verify(TestKeys.Craft(Header, Claims(), input => [0, .. Plain(input)]))).Status);
        Assert.Equal(TokenStatus.Valid, (await Verify(TestKeys.Craft(Header, Claims(), Plain))).Status);
    }

    [Fact]
    public async Task A_flood_of_invented_key_names_costs_few_fetches_and_stops_no_genuine_token()
    {
        var genuine = TestKeys.Craft("""{"alg":"RS256","kid":"r"}""", Claims(), TestKeys.Rs256);
        var flood = Enumerable.Range(0, 10_000).Select(i => TestKeys.Craft($$"""{"alg":"RS256","kid":"x{{i}}"}""", Claims(), _ => new byte[256])).ToArray();

        // From a cold start: all of it arrives before the first fetch has ended.
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.Respond = async context =>
        {
            await release.Task;
            await context.Response.WriteAsync(_server.Document);
        };
        var before = flood.Select(token => _identity.Verifier.VerifyAsync(token, CancellationToken.None).AsTask()).ToArray();
        var duringColdStart = _identity.Verifier.VerifyAsync(genuine, CancellationToken.None).AsTask();
        await _server.NextRequestAsync();
        release.SetResult();
        Assert.True((await duringColdStart.WaitAsync(Patience)).IsValid);
        Assert.All(await Task.WhenAll(before).WaitAsync(TimeSpan.FromSeconds(30)), verification => Assert.Equal(TokenStatus.Invalid, verification.Status));
        Assert.Equal(1, _server.Requests);

        // Then one an interval, however many names there are, while known keys are answered at once.
        for (var round = 1; round <= 3; round++)
        {
            _clock.Advance(TimeSpan.FromSeconds(30));
            for (var i = 0; i < flood.Length; i++)
            {
                var lookup = _identity.Verifier.VerifyAsync(flood[i], CancellationToken.None).AsTask();
                if (i % 1_000 == 1)
                {
                    var known = _identity.Verifier.VerifyAsync(genuine, CancellationToken.None).AsTask();
                    Assert.True(known.IsCompletedSuccessfully);
                    Assert.True((await known).IsValid);
                }

                Assert.Equal(TokenStatus.Invalid, (await lookup.WaitAsync(Patience)).Status);
            }

            Assert.InRange(_server.Requests, 2, 1 + round);
        }
    }

    [Fact]
    public async Task A_wait_for_a_key_can_be_ended()
    {
        _server.Respond = context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        using var stop = new CancellationTokenSource();
        var verification = _identity.Verifier.VerifyAsync(TestKeys.Craft("""{"alg":"RS256","kid":"r"}""", Claims(), TestKeys.Rs256), stop.Token).AsTask();
        await _server.NextRequestAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => verification.WaitAsync(Patience));
        Assert.Equal(TokenStatus.Valid, (await Verify(Hs256(Claims()))).Status);
    }

    [Fact]
    public async Task Issuer_and_audience_must_be_right_before_anything_is_fetched()
    {
        const string Header = """{"alg":"RS256","kid":"r"}""";
        string[] refused =
        [
            Claims(issuer: "\"https://elsewhere.test/auth/v1\""), Claims(issuer: $"\"{Issuer}/\""), Claims(issuer: "\"\""), Claims(issuer: "null"),
            Claims(issuer: $"[\"{Issuer}\"]"), Claims(audience: "\"anon\""), Claims(audience: "\"Authenticated\""), Claims(audience: "[]"),
            Claims(audience: "[\"anon\"]"), Claims(audience: "null"), Claims(subject: "\"\""), Claims(subject: "null"), Claims(subject: "5"),
            Claims(expires: "\"2000000000\""), Claims(expires: "null"), $$"""{"iss":"{{Issuer}}","aud":"authenticated","sub":"alice"}""",
            $$"""{"iss":"{{Issuer}}","aud":"authenticated","exp":{{Now + 60}}}""", $$"""{"aud":"authenticated","sub":"alice","exp":{{Now + 60}}}""",
            $$"""{"iss":"{{Issuer}}","sub":"alice","exp":{{Now + 60}}}""", "[]", "null", "{}",
        ];
        foreach (var payload in refused)
        {
            Assert.Equal(TokenStatus.Invalid, (await Verify(TestKeys.Craft(Header, payload, TestKeys.Rs256))).Status);
            Assert.Equal(TokenStatus.Invalid, (await Verify(Hs256(payload))).Status);
        }

        Assert.Equal(0, _server.Requests);
        Assert.True((await Verify(Hs256(Claims(audience: "[\"anon\",\"authenticated\"]")))).IsValid);
    }

    [Fact]
    public async Task Expiry_is_told_only_of_genuine_tokens()
    {
        var expired = Hs256(Claims(expires: $"{Now}"));
        Assert.Equal(TokenStatus.Expired, (await Verify(expired)).Status);
        Assert.Equal(TokenStatus.Invalid, (await Verify(expired[..^4] + "AAAA")).Status);
        Assert.Equal(TokenStatus.Expired, (await Verify(TestKeys.Craft("""{"alg":"RS256","kid":"r"}""", Claims(expires: $"{Now - 1}"), TestKeys.Rs256))).Status);
        Assert.Equal(TokenStatus.Invalid, (await Verify(Hs256(Claims(expires: $"{Now - 1}", audience: "\"anon\"")))).Status);
        Assert.Equal(TokenStatus.Valid, (await Verify(Hs256(Claims(expires: $"{Now + 1}")))).Status);
        Assert.Equal(TokenStatus.Valid, (await Verify(Hs256(Claims(expires: $"{Now}.5")))).Status);
    }

    [Fact]
    public async Task A_token_of_the_future_is_invalid()
    {
        Assert.Equal(TokenStatus.Invalid, (await Verify(Hs256(Claims(more: $",\"nbf\":{Now + 1}")))).Status);
        Assert.Equal(TokenStatus.Valid, (await Verify(Hs256(Claims(more: $",\"nbf\":{Now}")))).Status);
        Assert.Equal(TokenStatus.Invalid, (await Verify(Hs256(Claims(more: ",\"nbf\":\"0\"")))).Status);
        Assert.Equal(TokenStatus.Invalid, (await Verify(Hs256(Claims(more: ",\"iat\":\"0\"")))).Status);
        Assert.Equal(TokenStatus.Valid, (await Verify(Hs256(Claims(more: $",\"iat\":{Now + 5}")))).Status);
    }

    [Fact]
    public async Task Clock_skew_is_tolerated_as_far_as_configured()
    {
        await using var identity = Create(skew: TimeSpan.FromSeconds(30));
        async Task<TokenStatus> Status(string payload) => (await identity.Verifier.VerifyAsync(Hs256(payload), CancellationToken.None)).Status;
        Assert.Equal(TokenStatus.Valid, await Status(Claims(expires: $"{Now - 29}")));
        Assert.Equal(TokenStatus.Expired, await Status(Claims(expires: $"{Now - 30}")));
        Assert.Equal(TokenStatus.Valid, await Status(Claims(more: $",\"nbf\":{Now + 30}")));
        Assert.Equal(TokenStatus.Invalid, await Status(Claims(more: $",\"nbf\":{Now + 31}")));
        Assert.Throws<IdentityConfigurationException>(() => Create(skew: TimeSpan.FromMinutes(6)));
        Assert.Throws<IdentityConfigurationException>(() => Create(skew: TimeSpan.FromSeconds(-1)));
    }

    [Fact]
    public async Task Whatever_is_no_token_is_invalid_and_nothing_is_thrown()
    {
        var genuine = Hs256(Claims());
        for (var length = 0; length < genuine.Length; length++)
        {
            Assert.Equal(TokenStatus.Invalid, (await Verify(genuine[..length])).Status);
        }

        Assert.Equal(TokenStatus.Invalid, (await Verify(genuine + new string('A', JsonWebToken.MaxLength))).Status);
        Assert.Equal(TokenStatus.Invalid, (await Verify("Bearer " + genuine)).Status);
        var random = new Random(42);
        var header = Encoding.UTF8.GetBytes("""{"alg":"HS256","typ":"JWT"}""");
        var payload = Encoding.UTF8.GetBytes(Claims());
        for (var i = 0; i < 2_000; i++)
        {
            var changed = payload.ToArray();
            changed[random.Next(changed.Length)] = (byte)random.Next(256);
            var input = $"{TestKeys.Encode(header)}.{TestKeys.Encode(changed)}";
            await Verify($"{input}.{TestKeys.Encode(TestKeys.Hs256.Sign(Encoding.ASCII.GetBytes(input)))}");
        }
    }

    [Fact]
    public async Task Local_tokens_need_no_key_name_and_have_their_own_claims()
    {
        await using var local = CreateLocal(new LocalIssuerOptions { PublicKey = TestKeys.Rsa.ExportSubjectPublicKeyInfoPem(), Issuer = "me", Audience = "us" });
        const string Header = """{"alg":"RS256","typ":"JWT"}""";
        var claims = LocalClaims(""","name":"Alice","email":"a@b.test","roles":["admin",5,"","user"],"role":"no","user_metadata":{"name":"no"}""", "me", "us");
        var verification = await local.Verifier.VerifyAsync(TestKeys.Craft(Header, claims, TestKeys.Rs256), CancellationToken.None);
        Assert.True(verification.IsValid);
        Assert.Equal("Alice", verification.Identity.DisplayName);
        Assert.Equal("a@b.test", verification.Identity.Email);
        Assert.Equal(["admin", "user"], verification.Identity.Roles);
        Assert.Equal("email", verification.Identity.StoredProvider);
        Assert.Null(local.Minter);

        async Task<TokenStatus> Status(string header, string payload, SigningKey key) =>
            (await local.Verifier.VerifyAsync(TestKeys.Craft(header, payload, key), CancellationToken.None)).Status;
        Assert.Equal(TokenStatus.Invalid, await Status(Header, LocalClaims("", "me", "them"), TestKeys.Rs256));
        Assert.Equal(TokenStatus.Invalid, await Status(Header, LocalClaims("", "peersync-dev-connect", "us"), TestKeys.Rs256));
        Assert.Equal(TokenStatus.Invalid, await Status("""{"alg":"ES256"}""", LocalClaims("", "me", "us"), TestKeys.Es256));
        Assert.Equal(TokenStatus.Invalid, await Status(Header, LocalClaims(""","name":"a","name":"b" """, "me", "us"), TestKeys.Rs256));
        Assert.Equal(TokenStatus.Invalid, await Status(Header, LocalClaims(""","roles":[],"roles":[]""", "me", "us"), TestKeys.Rs256));
    }

    [Fact]
    public async Task One_issuer_cannot_speak_for_another()
    {
        var options = new IdentityOptions
        {
            Supabase = new SupabaseIssuerOptions { Url = _server.Url, JwtSecret = TestKeys.Secret },
            Local = new LocalIssuerOptions { PublicKey = TestKeys.Rsa.ExportSubjectPublicKeyInfoPem() },
            Production = true,
        };
        await using var both = IdentityServices.Create(options, _clock, NullLoggerFactory.Instance);
        async Task<TokenStatus> Status(string header, string payload, SigningKey key) =>
            (await both.Verifier.VerifyAsync(TestKeys.Craft(header, payload, key), CancellationToken.None)).Status;
        Assert.Equal(TokenStatus.Valid, await Status("""{"alg":"RS256"}""", LocalClaims(""), TestKeys.Rs256));
        Assert.Equal(TokenStatus.Valid, await Status("""{"alg":"HS256"}""", Claims(), TestKeys.Hs256));
        Assert.Equal(TokenStatus.Invalid, await Status("""{"alg":"HS256"}""", LocalClaims(""), TestKeys.Hs256));
        Assert.Equal(TokenStatus.Invalid, await Status("""{"alg":"RS256"}""", Claims(), TestKeys.Rs256));
    }

    private static SigningKey KeyFor(string header) =>
        header.Contains("HS256", StringComparison.Ordinal) ? TestKeys.Hs256
            : header.Contains("RS256", StringComparison.Ordinal) ? TestKeys.Rs256
            : header.Contains("ES256", StringComparison.Ordinal) ? TestKeys.Es256
            : TestKeys.EdDsa;

    private static string Hs256(string payload) => TestKeys.Craft("""{"alg":"HS256","typ":"JWT"}""", payload, TestKeys.Hs256);

    private string Claims(string? issuer = null, string audience = "\"authenticated\"", string subject = "\"alice\"", string? expires = null, string more = "") =>
        $$"""{"iss":{{issuer ?? $"\"{Issuer}\""}},"aud":{{audience}},"sub":{{subject}},"exp":{{expires ?? $"{Now + 3600}"}}{{more}}}""";

    private string LocalClaims(string more, string issuer = "peersync-dev-connect", string audience = "peersync-clients") =>
        $$"""{"iss":"{{issuer}}","aud":"{{audience}}","sub":"alice","exp":{{Now + 3600}}{{more}}}""";

    private IdentityServices Create(string secret = TestKeys.Secret, TimeSpan skew = default) => IdentityServices.Create(
        new IdentityOptions { Supabase = new SupabaseIssuerOptions { Url = _server.Url, JwtSecret = secret }, ClockSkew = skew, Production = true },
        _clock,
        NullLoggerFactory.Instance);

    private IdentityServices CreateLocal(LocalIssuerOptions local) =>
        IdentityServices.Create(new IdentityOptions { Local = local, Production = true }, _clock, NullLoggerFactory.Instance);

    private async Task<TokenVerification> Verify(string token) => await _identity.Verifier.VerifyAsync(token, CancellationToken.None).AsTask().WaitAsync(Patience);
}
