using PeerSync.Actors.Identity;
using PeerSync.Host.Health;
using PeerSync.Host.Http;
using PeerSync.Tests.Http;

namespace PeerSync.Tests.Peers;

public sealed class HttpTranscriptTests
{
    private const string AliceId = "11111111-1111-4111-8111-111111111111";
    private const string BobId = "22222222-2222-4222-8222-222222222222";
    private const string InvalidToken = """{"message":"Authentication token is invalid","error":"Unauthorized","statusCode":401}""";
    private const string InvalidCode = """{"message":"Invalid invite code format","error":"Conflict","statusCode":409}""";
    private const string MalformedBody = """{"message":"Malformed request body","error":"Bad Request","statusCode":400}""";
    private const string Unavailable = """{"message":"Service temporarily unavailable","error":"Service Unavailable","statusCode":503}""";
    private const string Alice =
        """{"userId":"<aliceId>","email":"alice@example.test","displayName":"Alice","provider":"github","roles":["authenticated"]}""";

    [Fact]
    public async Task HealthAndUnknownRoutes()
    {
        // The recording's server has no metrics; the design serves them on every listener, so this run keeps them to the administration.
        var setup = new HttpTestSetup();
        setup = setup with { Telemetry = setup.Telemetry with { MetricsOnAdminListenerOnly = true } };
        await using var server = await StartAsync(setup);
        await Transcript("01-http-health-and-unknown-routes", server)
            .Deviating(3, "5.3: the README's path is served", 200, """{"status":"ok","env":"development","timestamp":"<timestamp>"}""")
            .Deviating(
                4,
                "5.3: the README's path is served",
                200,
                """{"status":"ok","env":"development","timestamp":"<timestamp>","checks":{"websocket":"ok","memory":"ok"}}""")
            .ReplayAsync();
    }

    [Fact]
    public async Task Verify()
    {
        await using var server = await StartAsync();
        await Transcript("02-http-auth-verify", server)
            .Deviating(11, "9.7: exp is required", 401, InvalidToken)
            .Deviating(19, "9.18: one verifier for all routes", 200, Alice)
            .Deviating(20, "9.18: one verifier for all routes", 200, Alice)
            .ReplayAsync();
    }

    [Fact]
    public async Task Networks()
    {
        const string first = """{"id":"<networkId0>","inviteCode":"<inviteCode0>","createdBy":"<aliceId>","createdAt":"<timestamp>"}""";
        const string second = """{"id":"<networkId2>","inviteCode":"<inviteCode2>","createdBy":"<aliceId>","createdAt":"<timestamp>"}""";
        const string third = """{"id":"<networkId3>","inviteCode":"<inviteCode3>","createdBy":"<bobId>","createdAt":"<timestamp>"}""";
        await using var server = await StartAsync(new HttpTestSetup { ExpectedLogs = ["StorageUnavailable"] });
        await Transcript("03-http-network", server)
            .Deviating(9, "9.17: a user's first call works", 201, first)
            .Deviating(18, "9.17: and its network is there", 200, first)
            .Deviating(34, "5.3: a code that is no string", 409, InvalidCode)
            .Deviating(35, "5.3: a code that is no string", 409, InvalidCode)
            .Deviating(37, "9.14: no parser texts", 400, MalformedBody)
            .Deviating(38, "9.14: no parser texts", 400, MalformedBody)
            .Deviating(44, "5.4: create switches", 200, second)
            .Deviating(51, "9.21: database faults are told", 503, Unavailable)
            .Deviating(52, "9.21: database faults are told", 503, Unavailable)
            .Deviating(53, "9.21: database faults are told", 503, Unavailable)
            .Deviating(54, "9.21: database faults are told", 503, Unavailable)
            .Deviating(55, "9.21: database faults are told", 503, Unavailable)
            .Deviating(58, "9.16: create is one transaction", 200, third)
            .ReplayAsync(line => server.Directory.IsUnavailable = line is >= 51 and <= 55);
    }

    [Fact]
    public async Task ProductionWithoutOrigins()
    {
        await using var server = await StartAsync(Production());
        await Transcript("25-production-no-cors", server)
            .Deviating(4, "9.14: no parser texts", 400, MalformedBody)
            .Deviating(5, "5.3: a code that is no string", 409, InvalidCode)
            .ReplayAsync();
    }

    [Fact]
    public async Task ProductionWithOrigins()
    {
        await using var server = await StartAsync(Production("http://app.test", "http://b.test"));
        await Transcript("26-production-cors-list", server).ReplayAsync();
    }

    [Fact]
    public async Task LenientRouting()
    {
        await using var server = await StartAsync();
        await Transcript("31-http-routing-leniency", server).ReplayAsync();
    }

    private static HttpTestSetup Production(params string[] origins) => new()
    {
        Http = new PeerSyncHttpOptions { Cors = new CorsPolicyOptions(Production: true, origins) },
        Health = new HealthOptions { Environment = "production" },
    };

    private static async Task<HttpTestServer> StartAsync(HttpTestSetup? setup = null)
    {
        var server = await HttpTestServer.StartAsync(setup);
        foreach (var token in (string[])["alice", "aliceRS256", "aliceES256"])
        {
            server.Tokens.Add(token, AliceId, static identity => identity with
            {
                Email = "alice@example.test",
                FullName = "Alice",
                Provider = "github",
                Roles = ["authenticated"],
            });
        }

        foreach (var token in (string[])["bob", "bobRS256"])
        {
            server.Tokens.Add(token, BobId, static identity => identity with { Email = "bob@example.test", FullName = "Bob" });
        }

        server.Tokens["expired"] = TokenVerification.Expired;
        server.Tokens.Add("bobNameOnly", BobId, static identity => Bob(identity) with { Name = "Bobby", Provider = "magiclink" });
        server.Tokens.Add("bobPreferred", BobId, static identity => Bob(identity) with { PreferredUsername = "bobnick", Provider = "gitlab" });
        server.Tokens.Add("bobEmail", BobId, Bob);
        server.Tokens.Add("bobBare", BobId);
        return server;
    }

    private static VerifiedIdentity Bob(VerifiedIdentity identity) => identity with { Email = "bob@example.test", Roles = ["authenticated"] };

    private static HttpTranscript Transcript(string name, HttpTestServer server) => new HttpTranscript(name, server)
        .With("aliceId", AliceId)
        .With("bobId", BobId)
        .With("aliceToken", "alice")
        .With("bobToken", "bob")
        .With("aliceRS256Token", "aliceRS256")
        .With("aliceES256Token", "aliceES256")
        .With("bobRS256Token", "bobRS256")
        .With("expiredToken", "expired")
        .With("noExpToken", "without exp")
        .With("noSubToken", "without sub")
        .With("notYetValidToken", "not yet valid")
        .With("wrongAudienceToken", "another audience")
        .With("wrongIssuerToken", "another issuer")
        .With("wrongSecretToken", "another secret")
        .With("bobNameOnlyMagiclink", "bobNameOnly")
        .With("bobPreferredUsernameGitlab", "bobPreferred")
        .With("bobEmailPrefixOnly", "bobEmail")
        .With("bobBareToken", "bobBare");
}
