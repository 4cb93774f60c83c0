using PeerSync.Host.Sync;
using PeerSync.Protocol.Sync;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sync;

/// <summary>The recorded exchanges that are about HTTP, with the deviations that the contract asks for.</summary>
public sealed class RestTranscriptTests
{
    private const string Shared404 = "routing: a path that no feature claims gets the shared answer";
    private const string SharedHealth = "routing: the answers of the features are one superset";

    private const string Health =
        """
        {"status":"ok","env":"development",
         "memory":{"heapUsed":"<a:number>","heapTotal":"<b:number>","heapPercent":"<c:number>","external":"<d:number>","rss":"<e:number>","arrayBuffers":0},
         "rooms":0,"totalPeers":0,
         "timestamp":"<t:number>","uptime":"<u:number>","services":{"database":"connected","redis":"connected","postgres":"up","pubsub":"up"},
         "version":"1.0.0","build":{"version":"1.0.0"},"instance":{"id":"<instance>","subscribedChannels":[],"totalHandlers":0},
         "data":{"status":"healthy","timestamp":"<f:iso>","uptime":"<g:number>",
          "memoryUsage":{"heapUsed":"<h:number>","heapTotal":"<i:number>","external":"<j:number>"},"cpuUsage":{"system":"<k:number>","user":"<l:number>"}}}
        """;

    private readonly TestUser _alice = TestUser.New();
    private readonly TestUser _bob = TestUser.New();

    [Fact]
    public async Task Authentication()
    {
        await using var host = await StartAsync();
        var identity = host.Get<SyncServerKey>().Identity;
        var issued = host.Now.ToUnixTimeSeconds() - 7200;
        var expired = SyncToken.Create(identity, new SyncTokenClaims(_alice.Id, issued, issued + 3600, new string('0', 32)));
        var tampered = SyncToken.Create(identity, _alice.Id, host.Now, out _);
        tampered = tampered[..^8] + (tampered[^8] == 'A' ? 'B' : 'A') + tampered[^7..];
        await Transcript("rest_auth", host)
            .With("expiredJwt", expired)
            .With("tamperedJwt", tampered)
            .Deviating(
                6,
                "13, F27: the header is looked at",
                401,
                """{"error":"Unauthorized","code":"INVALID_TOKEN","message":"Invalid token format"}""")
            .ReplayAsync();
    }

    [Fact]
    public async Task Miscellaneous()
    {
        await using var host = await StartAsync();
        var laptop = Guid.NewGuid();
        await Transcript("rest_misc", host)
            .With("laptop.deviceId", laptop.ToString())
            .Before(26, () => host.ConnectAsync(_alice, laptop))
            .Deviating(2, SharedHealth, 200, Health)
            .Deviating(
                4,
                SharedHealth,
                200,
                """
                {"status":"ok","timestamp":"<t:number>","memory":{"heapUsed":"<a:number>","heapTotal":"<b:number>","heapPercent":"<c:number>","external":"<d:number>"},
                 "rooms":0,"totalPeers":0,"version":"1.0.0","database":"connected","redis":"connected"}
                """)
            .Deviating(5, "routing: without a name of Sync's the path is everybody's", 200, """{"status":"ok","env":"development","timestamp":"<t:iso>"}""")
            .Deviating(7, Shared404, 404, """{"message":"Cannot GET /nothing","error":"Not Found","statusCode":404}""")
            .Deviating(8, Shared404, 404, """{"message":"Cannot GET /api/nothing","error":"Not Found","statusCode":404}""")
            .Deviating(9, Shared404, 404, """{"message":"Cannot GET /api/nothing","error":"Not Found","statusCode":404}""")
            .Deviating(12, "5.0: a new server should answer 400", 400, """{"error":"Malformed request body","code":"INVALID_BODY","statusCode":400}""")
            .Deviating(14, SharedHealth, 200, Health)
            .Skipping(17, "10: the metrics have tests of their own")
            .Deviating(26, "5.2, promised: answer truthfully", 200, Connected("<laptop.deviceId>"))
            .Deviating(27, "5.2, promised: answer truthfully", 200, Connected("<laptop.deviceId>"))
            .ReplayAsync();
    }

    [Fact]
    public async Task RateLimit()
    {
        var time = new ManualTimeProvider();
        await using var host = await StartAsync("peersync.sync.rest-limit.max-requests = 5", time);
        await Transcript("rest_rate_limit", host).Deviating(9, SharedHealth, 200, Health).ReplayAsync();

        time.Advance(TimeSpan.FromSeconds(60));
        using var again = await host.SendAsync(HttpMethod.Get, "/api/presence", _alice);
        Assert.Equal("4", again.Headers.GetValues("RateLimit-Remaining").Single());
    }

    [Fact]
    public async Task BodyLimit()
    {
        await using var host = await StartAsync();
        await Transcript("rest_body_limit", host)
            .Deviating(2, "5.0: answer 413", 413, """{"error":"request entity too large","code":"PAYLOAD_TOO_LARGE","statusCode":413}""")
            .ReplayAsync();
    }

    [Fact]
    public async Task Admin()
    {
        const string revoked = """{"success":true,"message":"Device revoked"}""";
        await using var host = await StartAsync();
        var laptop = Guid.NewGuid();
        await Transcript("admin", host)
            .With("laptop.deviceId", laptop.ToString())
            .With("adminKey", RestTestHost.AdminKey)
            .Before(7, () => host.ConnectAsync(_alice, laptop))
            .Deviating(11, "5.2: without an argument all are listed", 200, """{"revoked":[]}""")
            .Deviating(12, "13, F15: revocation works", 200, revoked)
            .Deviating(13, "5.2: missing arguments are 400", 400, """{"error":"deviceId and userId are required"}""")
            .Deviating(17, "5.2: missing arguments are 400", 400, """{"error":"deviceId is required"}""")
            .Deviating(18, Shared404, 404, """{"message":"Cannot GET /admin/nothing","error":"Not Found","statusCode":404}""")
            .ReplayAsync();
    }

    private static string Connected(string deviceId) =>
        $$"""
        {"connected":true,"deviceId":"{{deviceId}}","userId":"<alice.userId>","lastSeen":"<a:number>","sessionAge":"<b:number>","expiresAt":"<c:number>",
         "expiresIn":"<d:number>","status":"connected"}
        """;

    private async Task<RestTestHost> StartAsync(string settings = "", TimeProvider? time = null)
    {
        var host = await RestTestHost.StartAsync(settings, time);
        host.Opened(_alice);
        host.Opened(_bob);
        return host;
    }

    private RestTranscript Transcript(string name, RestTestHost host) =>
        new RestTranscript(name, host).With("alice.userId", _alice.Id).With("bob.userId", _bob.Id);
}
