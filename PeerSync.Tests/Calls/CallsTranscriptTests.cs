using System.Text;
using PeerSync.Protocol.Calls;
using PeerSync.Protocol.Identity;
using PeerSync.Storage.Calls;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Calls;

/// <summary>The recorded exchanges that are about HTTP, with the deviations that the contract asks for.</summary>
public sealed class CallsTranscriptTests
{
    private const string NoLimits = "peersync.rate-limits.enabled = off\n";
    private const string Unlimited = "3.9: probes and scrapes are exempt from the limits";
    private const string Sockets = "the sockets have tests of their own";

    private const string Reasons =
        "reason must be one of the following values: harassment, inappropriate_content, spam, nudity, violence, hate_speech, underage, other";

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Authentication()
    {
        await using var host = await StartAsync(NoLimits);
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        var past = new ManualTimeProvider(_time.GetUtcNow().AddHours(-1));
        await new CallsTranscript("02-auth", host)
            .With("device_alice", "device-alice")
            .With("token_expired", new CallsTokens(Key(CallsTestHost.Secret), TimeSpan.FromMinutes(5), past).Issue("d"))
            .With("token_wrong_key", new CallsTokens(Key("another-secret-that-is-not-the-servers"), TimeSpan.FromMinutes(5), _time).Issue("d"))
            .With("token_alg_none", "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJkZXZpY2VJZCI6ImQiLCJleHAiOjQ4MDAwMDAwMDB9.")
            .With("token_without_deviceId", Signed($$"""{"sub":"d","iat":{{now}},"exp":{{now + 300}}}"""))
            .With("token_hs512", Hs512($$"""{"sub":"d","deviceId":"d","iat":{{now}},"exp":{{now + 300}}}"""))
            .Deviating(
                7,
                "2: an object is no text",
                400,
                """{"message":["deviceId must be a string"],"error":"Bad Request","statusCode":400}""")
            .Deviating(9, "texts are fixed: nothing of a parser is told", 400, """{"message":"Malformed request body","error":"Bad Request","statusCode":400}""")
            .Deviating(
                22, "3.4: accept HS256 only", 401, """{"message":"Authentication required","error":"Unauthorized","statusCode":401}""")
            .ReplayAsync();
    }

    [Fact]
    public async Task Turn()
    {
        await using var host = await StartAsync(NoLimits);
        var username = $"{_time.GetUtcNow().ToUnixTimeSeconds() + 3600}:device-alice";
        var credential = Convert.ToBase64String(
#pragma warning disable CA5350 // The TURN server's algorithm.
            System.Security.Cryptography.HMACSHA1.HashData(
                "a-turn-secret-of-the-tests-with-32-characters"u8, Encoding.UTF8.GetBytes(username)));
#pragma warning restore CA5350
        await new CallsTranscript("03-turn", host)
            .With("device_alice", "device-alice")
            .Deviating(
                2,
                "3.5: the recording has rules in place of values",
                201,
                $$"""
                {"urls":["turn:turn.example.test:3478","turns:turn.example.test:5349"],"username":"{{username}}","credential":"{{credential}}","ttl":3600}
                """)
            .ReplayAsync();
    }

    [Fact]
    public async Task Reports()
    {
        await using var host = await StartAsync(NoLimits);
        await new CallsTranscript("04-reports-moderation", host) { Always = ("X-Moderator-Key", CallsTestHost.ModeratorKey) }
            .With("device_alice", "device-alice")
            .With("device_bob", "device-bob")
            .Before(7, TickAsync)
            .Deviating(9, "3.6: the client's dialog offers it", 201, """{"reportId":"<reportId_3>"}""")
            .Deviating(10, "3.6: the client's dialog offers it", 201, """{"reportId":"<reportId_4>"}""")
            .Deviating(
                11,
                "3.6: two more reasons",
                400,
                $$"""
                {"message":["reportedPeerId should not be empty","reportedPeerId must be a string","sessionId should not be empty","sessionId must be a string",
                 "{{Reasons}}","reason should not be empty","reason must be a string"],"error":"Bad Request","statusCode":400}
                """)
            .Before(16, () => host.Directory.EnsureDeviceAsync("device-alice", PeerSyncTestHost.Cancel))
            .Before(18, async () =>
            {
                await host.Directory.SetRoleAsync("device-alice", CallsRole.Moderator, null, PeerSyncTestHost.Cancel);

                // The two that the original refused are not in what follows.
                var moderator = await host.Directory.EnsureDeviceAsync("device-alice", PeerSyncTestHost.Cancel);
                foreach (var report in await host.Directory.ListReportsAsync(null, 100, PeerSyncTestHost.Cancel))
                {
                    if (report.Reason is "hate_speech" or "underage")
                    {
                        await host.Directory.DecideReportAsync(report.Id, false, moderator, null, PeerSyncTestHost.Cancel);
                    }
                }
            })
            .Deviating(
                20, "3.7: answer 400", 400, """{"message":"Validation failed (numeric string is expected)","error":"Bad Request","statusCode":400}""")
            .Deviating(
                21,
                "3.6: the two more reports, rejected, and their reasons",
                200,
                """
                {"totalReports":4,"pendingReports":2,"acceptedReports":0,"rejectedReports":2,
                 "reportsByReason":{"harassment":1,"inappropriate_content":0,"spam":0,"nudity":1,"hate_speech":1,"underage":1,"other":0}}
                """)
            .Deviating(27, "3.7: unknown is 404", 404, """{"message":"Report not found","error":"Not Found","statusCode":404}""")
            .Deviating(29, "12, flaw 11: what is decided is out of the queue", 200, "[]")
            .Deviating(30, "12, flaw 11: what is decided is out of the queue", 200, null)
            .Deviating(
                32,
                "3.6: the two more reports, rejected, and their reasons",
                200,
                """
                {"totalReports":4,"pendingReports":0,"acceptedReports":1,"rejectedReports":3,
                 "reportsByReason":{"harassment":1,"inappropriate_content":0,"spam":0,"nudity":1,"hate_speech":1,"underage":1,"other":0}}
                """)
            .ReplayAsync();
        Assert.Equal(["device-bob is banned"], host.Live.Told);
    }

    [Fact]
    public async Task Blocks()
    {
        await using var host = await StartAsync(NoLimits + "peersync.calls.peer-ids = device");
        await host.Directory.EnsureDeviceAsync("device-bob", PeerSyncTestHost.Cancel);
        await new CallsTranscript("05-blocks", host)
            .With("device_alice", "device-alice")
            .With("device_bob", "device-bob")
            .Deviating(
                3,
                "3.8: create the user instead",
                201,
                """{"success":true,"message":"User blocked successfully. You will no longer be matched with this user."}""")
            .Before(4, () => host.Directory.UnblockAsync("device-alice", "device-bob", PeerSyncTestHost.Cancel))
            .ReplayAsync();
        Assert.Equal(
            ["device-alice blocks device-bob", "device-alice blocks device-bob", "device-alice unblocks device-bob"], host.Live.Told);
    }

    [Fact]
    public async Task Health()
    {
        await using var host = await StartAsync(string.Empty);
        const string ready =
            """
            {"status":"ready","env":"development","timestamp":"<t:iso>","checks":{"websocket":"ok","memory":"ok","storage":"ok","identity":"ok"},
             "services":{"postgres":true,"redis":true,"pubsub":true}}
            """;
        await new CallsTranscript("06-health-metrics", host)
            .Deviating(
                1,
                Unlimited,
                200,
                """
                {"status":"ok","env":"development","timestamp":"<t:iso>","uptime":"<u:number>",
                 "memory":{"rss":"<a:number>","heapTotal":"<b:number>","heapUsed":"<c:number>","external":"<d:number>","arrayBuffers":"<e:number>"},
                 "version":"<version>","services":{"postgres":"up","redis":"up","pubsub":"up"},
                 "instance":{"id":"<instanceId>","subscribedChannels":[],"totalHandlers":0}}
                """)
            .Deviating(2, "routing: one answer for all features", 200, ready)
            .Skipping("the metrics have tests of their own", 3)
            .Deviating(5, "routing: one answer for all features", 200, ready)
            .ReplayAsync();
        using var response = await host.SendAsync(HttpMethod.Get, "/health/ready", null, null, ("x-request-id", "my-id"));
        Assert.Equal("my-id", response.Headers.GetValues("X-Request-ID").Single());
        using var invented = await host.SendAsync(HttpMethod.Get, "/health/ready", null, null, ("x-request-id", new string('x', 129)));
        Assert.StartsWith(
            $"{_time.GetUtcNow().ToUnixTimeMilliseconds()}-", invented.Headers.GetValues("X-Request-ID").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CrossOrigin()
    {
        await using var host = await StartAsync("""peersync.cors.origins = ["http://localhost:5173", "http://localhost:3000"]""");
        await new CallsTranscript("07-cors", host).Skipping(Sockets, 3, 4, 7, 8).ReplayAsync();
        using var foreign = await host.SendAsync(HttpMethod.Get, "/auth/verify", "a", null, ("Origin", "http://evil.example"));
        Assert.False(foreign.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Throttling()
    {
        await using var host = await StartAsync(string.Empty);
        const string issued = """{"accessToken":"<token>","expiresIn":"5m"}""";
        await new CallsTranscript("08-http-throttle", host)
            .Deviating(2, "the recording began in the middle of its windows", 201, issued)
            .Repeating(3, 9)
            .ReplayAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        using var again = await host.SendAsync(HttpMethod.Post, "/auth/token", null, """{"deviceId":"t"}""");
        Assert.Equal(201, (int)again.StatusCode);
        Assert.Equal(
            ("10", "9", "1", "50", "39", "9", "200", "189", "59"),
            (Of("Limit-short"), Of("Remaining-short"), Of("Reset-short"), Of("Limit-medium"), Of("Remaining-medium"), Of("Reset-medium"), Of("Limit-long"),
                Of("Remaining-long"), Of("Reset-long")));

        string Of(string header) => again.Headers.GetValues($"X-RateLimit-{header}").Single();
    }

    private static SigningKey Key(string secret) => SigningKey.Hs256(Encoding.UTF8.GetBytes(secret));

    private static string Signed(string payload) => TokenWriter.Write(Key(CallsTestHost.Secret), Encoding.UTF8.GetBytes(payload));

    private static string Hs512(string payload)
    {
        var input = $"{Encode("""{"alg":"HS512","typ":"JWT"}"""u8)}.{Encode(Encoding.UTF8.GetBytes(payload))}";
        var signature = System.Security.Cryptography.HMACSHA512.HashData(Encoding.UTF8.GetBytes(CallsTestHost.Secret), Encoding.ASCII.GetBytes(input));
        return $"{input}.{Encode(signature)}";

        static string Encode(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
    }

    private Task TickAsync()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        return Task.CompletedTask;
    }

    private Task<CallsTestHost> StartAsync(string settings) => CallsTestHost.StartAsync(settings, _time);
}
