using Microsoft.Extensions.DependencyInjection;
using PeerSync.Host;
using PeerSync.Host.Health;
using PeerSync.Protocol.Identity;
using PeerSync.Storage;
using PeerSync.Storage.Sharing;
using PeerSync.Tests.Health;

namespace PeerSync.Tests.Sharing;

/// <summary>The recorded exchanges about the frame and the login, with the deviations that the contract asks for.</summary>
public sealed class SharingTranscriptTests(SharingLoginFixture fixture) : IClassFixture<SharingLoginFixture>
{
    private const string Unauthorized = "Unauthorized";
    private const string InvalidBody = """{"error":"Invalid body"}""";
    private const string InvalidHandshake = """{"error":"Invalid handshake"}""";
    private const string Flaw16 = "12, flaw 16: a login in the browser belongs to a handshake that somebody has begun";

    private static readonly string Running =
        $$$"""
        {"success":true,"data":{"status":"running","timestamp":"<time:iso>","version":"{{{ServerVersion.Text}}}"},"message":"Server is running",
         "timestamp":"<time:iso>","requestId":"<requestIdOfOurs>","meta":{}}
        """;

    private static string Health(string status) =>
        $$$"""
        {"data":{"status":"{{{status}}}","timestamp":"<time:iso>","uptime":"<n:number>",
         "memoryUsage":{"heapUsed":"<n:number>","heapTotal":"<n:number>","external":"<n:number>"},"cpuUsage":{"system":"<n:number>","user":"<n:number>"} } }
        """;

    [Fact]
    public async Task RootAndHealth()
    {
        const string Free = "2.1: the text and the version are free";
        var transcript = new SharingTranscript("root_health_docs", fixture.Host)
            .Deviating(1, Free, 200, Running)
            .Deviating(2, "1: serve it with a trailing slash", 200, Running.Replace("OfOurs", "OfTheSecond", StringComparison.Ordinal))
            .Deviating(3, "the shared listener's own words", 404, """{"message":"Cannot GET /","error":"Not Found","statusCode":404}""")
            .Deviating(4, "2.1: promised, and served", 200, Health("healthy"))
            .Skipping("the document and its page have tests of their own", 6, 7);
        await transcript.ReplayAsync();
        Assert.Matches("^req_[0-9]+_[0-9a-z]+$", transcript["requestIdOfOurs"]);
    }

    [Fact]
    public async Task Limits() => await new SharingTranscript("limits", fixture.Host).Deviating(2, "2.1: the text and the version are free", 200, Running).ReplayAsync();

    [Fact]
    public async Task LoginWithToken()
    {
        using var client = new SharingTestClient();
        await new SharingTranscript("auth_login_with_token", fixture.Host)
            .With("clientX", client.X)
            .With("clientY", client.Y)
            .Deviating(3, "12, flaw 17: results of this login are not kept", 404, """{"error":"Not found"}""")
            .ReplayAsync();
    }

    [Fact]
    public async Task LoginWithTokenErrors()
    {
        using var client = new SharingTestClient();
        const string BadKey = "2.4: 400 for a bad key, before GitHub is asked";
        await new SharingTranscript("auth_login_with_token_errors", fixture.Host)
            .With("clientX", client.X)
            .With("clientY", client.Y)
            .Deviating(6, "2.4: 401 for a rejected token", 401, """{"error":"Failed to fetch GitHub user"}""")
            .Deviating(7, "12, flaw 19: a verified address is required", 403, """{"error":"No email found for GitHub user"}""")
            .Deviating(8, BadKey, 400, InvalidBody)
            .Deviating(9, BadKey, 400, InvalidBody)
            .Deviating(10, BadKey, 400, InvalidBody)
            .ReplayAsync();
    }

    [Fact]
    public async Task AuthorizeUrl()
    {
        var transcript = new SharingTranscript("auth_github_authorize_url", fixture.Host)
            .Deviating(1, Flaw16, 200, """{"url":"<url>"}""")
            .Deviating(2, Flaw16, 400, InvalidHandshake);
        await transcript.ReplayAsync();
        Assert.StartsWith(
            $"{fixture.GitHub.Url}/login/oauth/authorize?client_id=cid123&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fosmynt-api-engine%2Fauth%2Fcallback"
            + "&scope=read%3Auser+user%3Aemail&state=",
            transcript["url"],
            StringComparison.Ordinal);
        Assert.Matches("&state=[A-Za-z0-9_-]{43}&code_challenge=[A-Za-z0-9_-]{43}&code_challenge_method=S256$", transcript["url"]);
    }

    [Fact]
    public async Task BrowserFlow()
    {
        using var client = new SharingTestClient();
        await new SharingTranscript("auth_handshake_browser_flow", fixture.Host)
            .With("clientX", client.X)
            .With("clientY", client.Y)
            .Deviating(
                1, Flaw16, 200, """{"handshakeId":"<handshakeId>","expiresInMs":300000,"confirmationCode":"<confirmationCode>"}""")
            .Deviating(6, "12, flaw 17: the first retrieval takes the result", 404, """{"error":"Not found"}""")
            .Deviating(7, "2.3: a second callback is refused", 400, InvalidHandshake)
            .ReplayAsync();
    }

    [Fact]
    public async Task HandshakeErrors() => await new SharingTranscript("auth_handshake_errors", fixture.Host)
        .With("handshakeWithoutKey", "none-of-this-server")
        .With("handshakeBadPoint", "none-of-this-server")
        .Deviating(6, Flaw16, 400, InvalidHandshake)
        .Deviating(7, Flaw16, 400, InvalidHandshake)
        .Deviating(8, Flaw16, 400, InvalidHandshake)
        .Deviating(9, "2.3: validate the key", 400, InvalidBody)
        .Deviating(10, "2.3: validate the key", 400, InvalidHandshake)
        .Deviating(11, "2.3: validate the key", 400, InvalidBody)
        .Deviating(12, "2.3: validate the key", 400, InvalidBody)
        .Deviating(13, "2.3: validate the key", 400, InvalidHandshake)
        .ReplayAsync();

    [Fact]
    public async Task CallbackWithoutHandshake() =>
        await new SharingTranscript("auth_callback_no_handshake", fixture.Host).Deviating(1, Flaw16, 400, InvalidHandshake).ReplayAsync();

    [Fact]
    public async Task JwtRejections()
    {
        var alice = await fixture.Host.LogInAsync("alice");
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        await new SharingTranscript("auth_jwt_rejections", fixture.Host)
            .With("jwtWrongKey", Signed($$"""{"iat":{{now}},"exp":{{now + 60}},"sub":"{{alice.Id}}","typ":"access","sid":"s"}""", "another-secret-of-more-than-32-bytes!"))
            .With("jwtExpired", Signed($$"""{"iat":{{now - 60}},"exp":{{now - 1}},"sub":"{{alice.Id}}","typ":"access","sid":"s"}"""))
            .With("jwtIatInFuture", Signed($$"""{"iat":{{now + 60}},"exp":{{now + 120}},"sub":"{{alice.Id}}","typ":"access","sid":"s"}"""))
            .With("jwtAlgNone", "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0." + alice.Access.Split('.')[1] + ".")
            .With("jwtNoSub", Signed($$"""{"iat":{{now}},"exp":{{now + 60}},"typ":"access","sid":"s"}"""))
            .With("jwtUnknownUser", Signed($$"""{"iat":{{now}},"exp":{{now + 60}},"sub":"nobody","typ":"access","sid":"s"}"""))
            .With("aliceRefresh", alice.Refresh)
            .With("jwtNoExp", Signed($$"""{"iat":{{now}},"sub":"{{alice.Id}}","typ":"access","sid":"s"}"""))
            .Deviating(9, "12, flaw 7: 401 in text", 401, Unauthorized)
            .Deviating(10, "12, flaw 7: 401 in text", 401, Unauthorized)
            .Deviating(12, "12, flaw 6: check the type", 401, Unauthorized)
            .Deviating(14, "1.3: require exp", 401, Unauthorized)
            .ReplayAsync();
    }

    [Fact]
    public async Task Outages()
    {
        var check = new ScriptedCheck("scripted");
        var accounts = new UnavailableAccounts();
        await using var host = await SharingTestHost.StartAsync(configure: services =>
        {
            services.AddSingleton<ISharingAccounts>(accounts);
            services.AddSingleton<IReadinessCheck>(check);
        });
        var token = host.Tokens.IssueAccess("someuser", "somesession");
        const string InText = "12, flaw 8: text, and 503 for what may be asked again";
        await new SharingTranscript("backend_outages", host)
            .With("aliceAccess", token)
            .Skipping("there is no other store that could fail alone", 4)
            .Deviating(2, "2.3: validate the key", 400, InvalidBody)
            .Before(7, () =>
            {
                check.Run = static _ => ValueTask.FromResult(ReadinessResult.NotReady("down"));
                return Task.CompletedTask;
            })
            .Deviating(7, InText, 503, "Service Unavailable")
            .Deviating(9, "12, flaw 26: real probes", 503, Health("unhealthy"))
            .Deviating(10, InText, 503, "Service Unavailable")
            .Deviating(11, "2.1: the text and the version are free", 200, Running)
            .ReplayAsync();
        Assert.Equal(2, accounts.Asked);
    }

    private static string Signed(string claims, string secret = SharingTestHost.Secret) =>
        TokenWriter.Write(SigningKey.Hs256(System.Text.Encoding.UTF8.GetBytes(secret)), System.Text.Encoding.UTF8.GetBytes(claims));

    private sealed class UnavailableAccounts : ISharingAccounts
    {
        private int _asked;

        public int Asked => _asked;

        public Task<SharingLogin> LogInAsync(SharingProfile profile, string? client, TimeSpan lifetime, CancellationToken cancellationToken) => throw Down();

        public Task<SharingUser?> FindUserAsync(string userId, CancellationToken cancellationToken) => throw Down();

        public Task<bool> IsSessionLiveAsync(string userId, string sessionId, CancellationToken cancellationToken) => throw Down();

        public Task<SharingRenewal> RefreshAsync(
            string userId, string sessionId, long generation, TimeSpan grace, TimeSpan lifetime, CancellationToken cancellationToken) => throw Down();

        public Task<bool> EndSessionAsync(string userId, string sessionId, CancellationToken cancellationToken) => throw Down();

        public Task<IReadOnlyList<string>> EndSessionsAsync(string userId, CancellationToken cancellationToken) => throw Down();

        public Task<IReadOnlyList<SharingSession>> ListSessionsAsync(string userId, CancellationToken cancellationToken) => throw Down();

        public Task<int> DeleteExpiredAsync(int batch, CancellationToken cancellationToken) => throw Down();

        private StorageUnavailableException Down()
        {
            Interlocked.Increment(ref _asked);
            return new StorageUnavailableException("The database is away.");
        }
    }
}
