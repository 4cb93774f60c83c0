using Microsoft.Extensions.Logging.Abstractions;
using PeerSync.Actors.Identity;
using PeerSync.Host.Identity;
using PeerSync.Protocol.Identity;

namespace PeerSync.Tests.Identity;

public sealed class IdentityServicesTests : IDisposable
{
    private readonly IdentityClock _clock = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("peersync-identity-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Without_any_key_a_development_server_makes_its_own_and_accepts_its_tokens()
    {
        var options = new IdentityOptions { DataFolder = _folder };
        await using var server = Create(options);
        server.Start();
        Assert.True(server.LocalKeys?.WasGenerated);
        Assert.Equal(new IdentityReadiness(true, 1, null), server.GetReadiness());

        // The command line is another process, which only shares the folder.
        var minter = TokenMinter.Create(options, _clock);
        var token = minter.Mint(new TokenRequest("alice") { Name = "Alice", Email = "alice@example.test", Roles = ["admin"] });
        var verification = await server.Verifier.VerifyAsync(token, CancellationToken.None);
        Assert.True(verification.IsValid);
        Assert.Equal("alice", verification.Identity.UserId.Value);
        Assert.Equal("Alice", verification.Identity.DisplayName);
        Assert.Equal("alice@example.test", verification.Identity.Email);
        Assert.Equal(["admin"], verification.Identity.Roles);
        Assert.Equal(_clock.GetUtcNow().AddHours(1), verification.Identity.ExpiresAt);
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(TokenStatus.Expired, (await server.Verifier.VerifyAsync(token, CancellationToken.None)).Status);
    }

    [Fact]
    public async Task A_minted_token_has_the_legacy_form()
    {
        await using var server = Create(new IdentityOptions { DataFolder = _folder });
        var token = server.Minter!.Mint(new TokenRequest("a\"b😀") { Lifetime = TimeSpan.FromMinutes(5) });
        Assert.Equal("""{"alg":"RS256","typ":"JWT"}""", System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[0])));
        Assert.True(JsonWebToken.TryParse(token, out var jwt));
        Assert.True(jwt.TryReadClaims(out var claims));
        Assert.Equal("a\"b😀", claims.Subject);
        Assert.Equal("peersync-dev-connect", claims.Issuer);
        Assert.Equal(["peersync-clients"], claims.Audiences);
        Assert.Equal(_clock.GetUtcNow(), claims.IssuedAt);
        Assert.Equal(_clock.GetUtcNow().AddMinutes(5), claims.ExpiresAt);
        Assert.Equal("User", (await server.Verifier.VerifyAsync(token, CancellationToken.None)).Identity?.DisplayName);
    }

    [Fact]
    public async Task A_minter_refuses_what_its_verifier_would_refuse()
    {
        await using var server = Create(new IdentityOptions { DataFolder = _folder });
        foreach (var userId in new[] { "", new string('u', 257), "a\nb" })
        {
            Assert.Throws<ArgumentException>(() => server.Minter!.Mint(new TokenRequest(userId)));
        }

        foreach (var lifetime in new[] { TimeSpan.Zero, TimeSpan.FromSeconds(-1), TimeSpan.FromDays(366) })
        {
            Assert.Throws<ArgumentException>(() => server.Minter!.Mint(new TokenRequest("u") { Lifetime = lifetime }));
        }
    }

    [Fact]
    public void Minting_needs_a_private_key()
    {
        var local = new LocalIssuerOptions { PublicKey = TestKeys.Rsa.ExportSubjectPublicKeyInfoPem() };
        Assert.Contains("JWT_PRIVATE_KEY", Fault(() => TokenMinter.Create(new IdentityOptions { Local = local }, _clock)), StringComparison.Ordinal);
        var supabase = new SupabaseIssuerOptions { Url = "https://x.test" };
        Assert.Contains("JWT_PRIVATE_KEY", Fault(() => TokenMinter.Create(new IdentityOptions { Supabase = supabase }, _clock)), StringComparison.Ordinal);
    }

    [Fact]
    public void In_production_a_missing_key_stops_the_start()
    {
        var message = Fault(() => Create(new IdentityOptions { Production = true, DataFolder = _folder }));
        Assert.All(
            new[] { "SUPABASE_URL", "SUPABASE_JWT_SECRET", "JWT_PUBLIC_KEY", "JWT_PUBLIC_KEY_PATH" },
            name => Assert.Contains(name, message, StringComparison.Ordinal));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var options = new IdentityOptions
        {
            Supabase = new SupabaseIssuerOptions { Url = "ftp://x", JwtSecret = "short" },
            Local = new LocalIssuerOptions { PublicKey = "x", TokenLifetime = TimeSpan.Zero },
            ClockSkew = TimeSpan.FromHours(1),
        };
        var exception = Assert.Throws<IdentityConfigurationException>(() => Create(options));
        Assert.Equal(5, exception.Faults.Count);
        Assert.DoesNotContain("short", exception.Message, StringComparison.Ordinal);
        var secretOnly = new IdentityOptions { Supabase = new SupabaseIssuerOptions { JwtSecret = TestKeys.Secret }, DataFolder = _folder };
        Assert.Contains("SUPABASE_URL", Fault(() => Create(secretOnly)), StringComparison.Ordinal);
        var sameName = new IdentityOptions
        {
            Supabase = new SupabaseIssuerOptions { Url = "https://x.test" },
            Local = new LocalIssuerOptions { PublicKey = TestKeys.Rsa.ExportSubjectPublicKeyInfoPem(), Issuer = "https://x.test/auth/v1" },
        };
        Assert.Contains("JWT_ISSUER", Fault(() => Create(sameName)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Readiness_tells_of_the_published_keys()
    {
        await using var server = await KeyServer.StartAsync(TestKeys.RsaJwk("r"));
        await using var identity = Create(new IdentityOptions { Supabase = new SupabaseIssuerOptions { Url = server.Url }, Production = true });
        Assert.Equal(new IdentityReadiness(false, 0, default(KeySetState)), identity.GetReadiness());
        var token = TestKeys.Craft(
            """{"alg":"RS256","kid":"r"}""",
            $$"""{"iss":"{{server.Url}}/auth/v1","aud":"authenticated","sub":"u","exp":{{_clock.GetUtcNow().ToUnixTimeSeconds() + 1}}}""",
            TestKeys.Rs256);
        Assert.True((await identity.Verifier.VerifyAsync(token, CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(10))).IsValid);
        Assert.Equal(new IdentityReadiness(true, 0, new KeySetState(1, _clock.GetUtcNow(), null, null)), identity.GetReadiness());
        await using var withSecret = Create(new IdentityOptions { Supabase = new SupabaseIssuerOptions { Url = server.Url, JwtSecret = TestKeys.Secret } });
        Assert.Equal(new IdentityReadiness(true, 1, default(KeySetState)), withSecret.GetReadiness());
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("90s", 90)]
    [InlineData("15m", 900)]
    [InlineData("1h", 3600)]
    [InlineData("365d", 31_536_000)]
    [InlineData("", 0)]
    [InlineData("h", 0)]
    [InlineData("0", 0)]
    [InlineData("0h", 0)]
    [InlineData("-1h", 0)]
    [InlineData("+1h", 0)]
    [InlineData("1.5h", 0)]
    [InlineData(" 1h", 0)]
    [InlineData("1h ", 0)]
    [InlineData("1H", 0)]
    [InlineData("1w", 0)]
    [InlineData("366d", 0)]
    [InlineData("4294967295d", 0)]
    [InlineData("99999999999", 0)]
    public void A_lifetime_is_digits_and_a_unit(string text, int seconds)
    {
        Assert.Equal(seconds > 0, TokenLifetime.TryParse(text, out var lifetime));
        Assert.True(seconds == 0 || lifetime == TimeSpan.FromSeconds(seconds));
    }

    private static string Fault(Func<object> action) => Assert.Throws<IdentityConfigurationException>(() => { action(); }).Message;

    private IdentityServices Create(IdentityOptions options) => IdentityServices.Create(options, _clock, NullLoggerFactory.Instance);
}
