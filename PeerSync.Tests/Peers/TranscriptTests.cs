using PeerSync.Actors.Connections;
using PeerSync.Host.Sockets;
using PeerSync.Tests.Identity;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Peers;

/// <summary>The recorded exchanges of PeerSync Dev Connect's clients, replayed against the whole server. Rules are sections of docs/spec/peers.md.</summary>
public sealed class TranscriptTests
{
    private const string ShareWithoutNetwork = "peersync.peers.share-presence-without-network = on";
    private const string RealMode = "5: the list's connectionMode is the real one";
    private const string PublishedKeys = "4: whatever key the issuer publishes verifies, EdDSA too";
    private const string RealFilters = "5: the list's filters work";
    private const string LiveNetwork = "5: a socket follows a change of network at once";
    private const string PresenceScope = "5: presence stays within a network";
    private const string NoSelfRequest = "6: nobody asks oneself";
    private const string NoRuntimeTexts = "8: a token that is no string is refused in fixed words";
    private const string ExpiredCode = "8: an expired token has a code of its own";
    private const string Renewal = "4: AUTH of the same user renews the token";
    private const string NoIdentitySwitch = "4: AUTH as another user closes the socket";
    private const string NoCrash = "2: one socket's garbage is answered and harms nobody";
    private const string EveryMember = "7: every member that the sender wrote travels";
    private const string RecordedOrder = "the recorder noted the effect of a close before the close";

    private const string AliceProfile = """{"displayName":"Alice","role":"guest","ide":"vscode"}""";
    private const string BobHost = """{"displayName":"Bob","role":"host","ide":"cursor"}""";

    [Fact]
    public async Task GoldenPath()
    {
        await using var host = await PeerSyncTestHost.StartAsync(ShareWithoutNetwork);
        await using var transcript = Transcripts.Load(host, "00-golden-path")
            .Replace(27, List("bob", "alice", AliceProfile), RealMode)
            .Replace(
                34,
                Received("alice2", "MESSAGE_RECEIVED", """{"sessionId":"<sessionId1>","from":"<bobId>","content":"hello alice","type":"text","messageId":"msg_1_abc","timestamp":"<timestamp>"}"""),
                EveryMember)
            .Replace(
                36,
                Received(
                    "bob",
                    "MESSAGE_RECEIVED",
                    """{"sessionId":"<sessionId1>","from":"<aliceId>","content":"fix this","type":"ai-prompt","messageId":"msg_2_abc","replyToId":"msg_1_abc","timestamp":"<timestamp>"}"""),
                EveryMember)
            .Replace(42, """{"conn":"bob","dir":"close","by":"client"}""", RecordedOrder)
            .Replace(43, Offline("alice2", "bob"), RecordedOrder);
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task RefusedTokens()
    {
        await using var keys = await KeyServer.StartAsync(TestKeys.RsaJwk(TranscriptTokens.KeyId), TestKeys.EdJwk("ed"));
        await using var host = await PeerSyncTestHost.StartAsync(supabaseUrl: keys.Url);
        var tokens = new TranscriptTokens(host);
        var alice = Transcripts.IdOf("alice");
        await using var transcript = Transcripts.Load(host, "04-ws-auth-failures")
            .Bind("expiredToken", tokens.Hs256(alice, lifetime: -1))
            .Bind("wrongAudienceToken", tokens.Hs256(alice, audience: "anon"))
            .Bind("wrongIssuerToken", tokens.Hs256(alice, issuer: "https://else.example/auth/v1"))
            .Bind("wrongSecretToken", tokens.Hs256(alice, secret: "another-secret-with-more-than-thirty-two-bytes"))
            .Bind("notYetValidToken", tokens.Hs256(alice, notBefore: 600))
            .Bind("algNoneToken", tokens.Unsigned(alice))
            .Bind("rs256NoKidToken", tokens.Rs256(alice, null))
            .Bind("rs256UnknownKidToken", tokens.Rs256(alice, "nobody-has-it"))
            .Bind("edDsaToken", tokens.EdDsa(alice, "ed"))
            .Bind("hs512ConfusionToken", tokens.Confused(alice))
            .Replace(34, """{"conn":"c7","dir":"recv","json":{"event":"AUTH_FAILED","data":{"code":"ERR_1002","message":"ERR_AUTH_INVALID"}}}""", NoRuntimeTexts)
            .Replace(39, """{"conn":"c8","dir":"recv","json":{"event":"AUTH_FAILED","data":{"code":"ERR_1002","message":"ERR_AUTH_INVALID"}}}""", NoRuntimeTexts)
            .Replace(94, Received("c19", "AUTH_SUCCESS", """{"userId":"<aliceId>","displayName":"Alice","email":"alice@example.test"}"""), PublishedKeys)
            .Replace(95, """{"conn":"c19","dir":"close","by":"client"}""", PublishedKeys)
            .Replace(54, """{"conn":"c11","dir":"recv","json":{"event":"AUTH_FAILED","data":{"code":"ERR_1003","message":"ERR_AUTH_EXPIRED"}}}""", ExpiredCode);
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task BeforeAuthentication()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var transcript = Transcripts.Load(host, "06-ws-before-auth");
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task AuthenticationTimeout()
    {
        var time = new ManualTimeProvider();
        await using var host = await PeerSyncTestHost.StartAsync(time: time);
        await using var transcript = Transcripts.Load(host, "07-ws-auth-timeout")
            .At(2, async () =>
            {
                await ConnectionsAsync(host, 1);
                Pass(time, 11);
            })
            .At(8, () =>
            {
                Pass(time, 11);
                return Task.CompletedTask;
            });
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task Registration()
    {
        const string bounds = "4: a profile is never refused, but its members are strings of bounded length";
        var cut = $$"""{"displayName":"{{new string('X', 128)}}","role":"host","ide":"vscode"}""";
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var transcript = Transcripts.Load(host, "08-ws-register")
            .Replace(31, Registered("a", "alice", """{"displayName":"Alice","role":"guest","ide":"other"}"""), bounds)
            .Replace(33, Registered("a", "alice", cut), bounds);
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task PresenceNearAndFar()
    {
        await using var host = await PeerSyncTestHost.StartAsync(ShareWithoutNetwork + """

            peersync.trusted-proxies = ["127.0.0.1", "10.0.0.1"]
            """);
        await using var transcript = Transcripts.Load(host, "09-ws-presence-lan-remote")
            .Replace(40, """{"conn":"c","dir":"abort"}""", "the recorded client hung up without a close frame");
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task DiscoveryInNetworks()
    {
        string[] each = [Online("alice", "bob", BobHost), Online("bob", "alice", AliceProfile)];
        string[] parted = [Offline("alice", "bob"), Offline("bob2", "alice")];
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var transcript = Transcripts.Load(host, "10-ws-discovery-networks")
            .Skip(PresenceScope, 25, 69, 70, 82, 83, 85)
            .Before(27, LiveNetwork, each)
            .Replace(28, List("bob", "alice", AliceProfile), LiveNetwork)
            .Replace(30, List("alice", "bob", BobHost), LiveNetwork)
            .Replace(32, Asked("bob", "requestId1", "alice", AliceProfile), LiveNetwork)
            .Replace(38, List("bob", "alice", AliceProfile), LiveNetwork)
            .Replace(
                41,
                """
                {"conn":"alice","dir":"recv-any","json":[
                  {"event":"PEER_STATUS_UPDATE","data":{"id":"<bobId>","status":"offline","connectionMode":"REMOTE"}},
                  {"event":"CONNECTION_REJECTED","data":{"requestId":"<requestId1>","targetId":"<bobId>","reason":"offline"}}]}
                """,
                "6: the requester is told when the target goes offline")
            .Replace(49, List("bob2", "alice", AliceProfile), RealMode)
            .Replace(51, List("alice", "bob", BobHost), RealMode)
            .Replace(54, EmptyList("alice"), RealFilters)
            .Replace(56, EmptyList("alice"), RealFilters)
            .Replace(58, List("alice", "bob", BobHost), RealMode)
            .Replace(60, List("alice", "bob", BobHost), RealMode)
            .Replace(62, List("alice", "bob", BobHost), RealMode)
            .Before(77, LiveNetwork, parted)
            .Replace(78, EmptyList("alice"), LiveNetwork)
            .Replace(80, EmptyList("bob2"), LiveNetwork);
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task RefusedRequests()
    {
        await using var host = await PeerSyncTestHost.StartAsync(ShareWithoutNetwork);
        await using var transcript = Transcripts.Load(host, "12-ws-connection-errors")
            .Replace(54, Error("a", "ERR_6002", "Cannot request a connection to yourself"), NoSelfRequest)
            .Skip(NoSelfRequest, 55, 56, 57, 58)
            .Replace(
                68,
                """
                {"conn":"b","dir":"recv-any","json":[
                  {"event":"PEER_STATUS_UPDATE","data":{"id":"<aliceId>","status":"offline","connectionMode":"REMOTE"}},
                  {"event":"CONNECTION_REQUEST_CANCELLED","data":{"requestId":"<requestId4>","reason":"offline"}},
                  {"event":"CONNECTION_REQUEST_CANCELLED","data":{"requestId":"<requestId5>","reason":"offline"}},
                  {"event":"CONNECTION_REQUEST_CANCELLED","data":{"requestId":"<requestId6>","reason":"offline"}}]}
                """,
                "6: the target is told when the requester goes offline");
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task RequestExpiry()
    {
        const string told = "6: both sides are told that a request has expired";
        var time = new ManualTimeProvider();
        await using var host = await PeerSyncTestHost.StartAsync(ShareWithoutNetwork, time);
        await using var transcript = Transcripts.Load(host, "13-ws-request-expiry")
            .At(15, async () =>
            {
                await time.WaitForTimerAsync(TimeSpan.FromSeconds(30));
                Pass(time, 31);
            })
            .Before(
                15,
                told,
                """{"conn":"a","dir":"recv","json":{"event":"CONNECTION_REJECTED","data":{"requestId":"<requestId1>","targetId":"<bobId>","reason":"expired"}}}""",
                """{"conn":"b","dir":"recv","json":{"event":"CONNECTION_REQUEST_CANCELLED","data":{"requestId":"<requestId1>","reason":"expired"}}}""")
            .Replace(17, """{"conn":"a","dir":"close","by":"client"}""", RecordedOrder)
            .Replace(18, Offline("b", "alice"), RecordedOrder);
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task SessionsSurviveAbsence()
    {
        const string survives = "7: a session survives a short absence of either member";
        await using var host = await PeerSyncTestHost.StartAsync(ShareWithoutNetwork);
        await using var transcript = Transcripts.Load(host, "14-ws-disconnect-cleanup")
            .Skip(survives, 21)
            .Before(22, survives, """{"conn":"b","dir":"send","json":{"event":"PING"}}""", Received("b", "PONG", """{"timestamp":"<epochMs>"}"""))
            .Before(37, survives, """{"conn":"a2","dir":"send","json":{"event":"PING"}}""", Received("a2", "PONG", """{"timestamp":"<epochMs>"}"""))
            .Replace(
                45,
                """
                {"conn":"a2","dir":"recv","json":{"event":"MESSAGE_RECEIVED","data":
                  {"sessionId":"<sessionId2>","from":"<bobId>","content":"back","timestamp":"<timestamp>"}}}
                """,
                survives);
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task LateCloseOfASupersededSocket()
    {
        const string addressed = "5: a superseded socket's end touches only that socket";
        await using var host = await PeerSyncTestHost.StartAsync(ShareWithoutNetwork);
        await using var transcript = Transcripts.Load(host, "16-ws-duplicate-login-race")
            .Skip(addressed, 24)
            .Replace(27, Asked("a2", "requestId2", "bob", """{"displayName":"Bob","role":"guest","ide":"vscode"}"""), addressed);
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task AuthenticationOnALiveSocket()
    {
        await using var host = await PeerSyncTestHost.StartAsync(ShareWithoutNetwork);
        await using var transcript = Transcripts.Load(host, "17-ws-reauth-same-socket")
            .Replace(
                17,
                """{"conn":"a","dir":"recv","json":{"event":"AUTH_SUCCESS","data":{"userId":"<aliceId>","displayName":"Alice","email":"alice@example.test"}}}""",
                Renewal)
            .Skip(Renewal, 18, 19)
            .Replace(28, Error("x", "ERR_5002", "Already authenticated as another user"), NoIdentitySwitch)
            .Replace(29, """{"conn":"x","dir":"close","by":"server","code":1008,"reason":"Identity changed"}""", NoIdentitySwitch)
            .Replace(31, Offline("b", "carol"), NoIdentitySwitch)
            .Replace(34, Error("b", "ERR_2001", "Target peer not found"), NoIdentitySwitch)
            .Skip(NoIdentitySwitch, 30, 32, 35, 36)
            .Replace(39, Error("b", "ERR_2001", "Target peer not found"), NoIdentitySwitch);
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task Transport()
    {
        const string notFound = "1: another path is answered with 404";
        await using var host = await PeerSyncTestHost.StartAsync("""peersync.listeners = [{ url = "http://127.0.0.1:0", features = [peers] }]""");
        await using var transcript = Transcripts.Load(host, "19-ws-transport")
            .Skip(notFound, 3, 5, 7)
            .Replace(17, $$"""{"conn":"bin","dir":"send","raw":"{{new string('a', (4 * 1024 * 1024) + 1)}}"}""", "1: the limit is 4 MiB");
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task Heartbeat()
    {
        var time = new ManualTimeProvider();
        await using var host = await PeerSyncTestHost.StartAsync(time: time);
        await using var transcript = Transcripts.Load(host, "20-ws-heartbeat")
            .Mute("mute", "apponly")
            .At(13, () => PassAndAnswerAsync(host, time, 28, 1))
            .At(15, () => PassAndAnswerAsync(host, time, 31, 1))
            .At(17, () => PassAndAnswerAsync(host, time, 10, 1))
            .At(19, () => PassAndAnswerAsync(host, time, 20, 1));
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task JsonNullBeforeAuthentication()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var transcript = HarmlessAttack(Transcripts.Load(host, "21-crash-json-null-before-auth"));
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task UnprintableEventBeforeAuthentication()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var transcript = HarmlessAttack(Transcripts.Load(host, "22-crash-unprintable-event-before-auth"));
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task InventedKeyIdsBlockNobody()
    {
        const string shared = "4: invented key ids do not use up what genuine logins need";
        await using var keys = await KeyServer.StartAsync(TestKeys.RsaJwk(TranscriptTokens.KeyId));
        await using var host = await PeerSyncTestHost.StartAsync(supabaseUrl: keys.Url);
        var tokens = new TranscriptTokens(host);
        var alice = Transcripts.IdOf("alice");
        await using var transcript = Transcripts.Load(host, "23-jwks-lookup-exhaustion")
            .Bind("aliceRS256Token", tokens.Rs256(alice, TranscriptTokens.KeyId))
            .Replace(
                44,
                """{"conn":"good","dir":"recv","json":{"event":"AUTH_SUCCESS","data":{"userId":"<aliceId>","displayName":"Alice","email":"alice@example.test"}}}""",
                shared)
            .Skip(shared, 45);
        for (var i = 0; i < 10; i++)
        {
            transcript.Bind($"bogusKid{i}Token", tokens.Rs256(alice, $"invented-{i}"));
        }

        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task Shutdown()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        var stopped = Task.CompletedTask;
        await using var transcript = Transcripts.Load(host, "24-shutdown-sigterm")
            .At(6, () =>
            {
                stopped = host.Server.StopAsync(PeerSyncTestHost.Cancel);
                return Task.CompletedTask;
            })
            .Replace(6, """{"conn":"a","dir":"close","by":"server","code":1001,"reason":"Server shutting down"}""", "3: the server says that it stops");
        await transcript.ReplayAsync();
        await stopped;
    }

    [Fact]
    public async Task KeysUnreachable()
    {
        const string tryLater = "4: a token that cannot be verified at the moment";
        const string ownStorage = "9: networks are stored by the server itself";
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var transcript = Transcripts.Load(host, "27-supabase-unreachable")
            .Bind("bobRS256Token", new TranscriptTokens(host).Rs256(Transcripts.IdOf("bob"), TranscriptTokens.KeyId))
            .Replace(9, Error("b", "ERR_1006", "Identity service is temporarily unavailable"), tryLater)
            .Replace(10, """{"conn":"b","dir":"close","by":"server","code":1013,"reason":"Identity service unavailable"}""", tryLater)
            .Replace(12, Http("POST", "/api/v1/network", 201, """{"id":"<networkId1>","inviteCode":"<inviteCode1>","createdBy":"<aliceId>","createdAt":"<timestamp>"}"""), ownStorage)
            .Replace(14, Http("POST", "/api/v1/network/leave", 201, """{"left":true}"""), ownStorage);
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task LocalKeys()
    {
        const string removed = "9: tokens are verified, never issued over the network";
        const string words = "8: the words of a refusal";
        var pem = TestKeys.Rsa.ExportSubjectPublicKeyInfoPem().Replace("\n", "\\n", StringComparison.Ordinal);
        await using var host = await PeerSyncTestHost.StartAsync(
            $$"""
            peersync.identity.jwt.public-key = "{{pem}}"
            # The recording's server knows this feature alone, and the shared routes show it.
            peersync.listeners = [{ url = "http://127.0.0.1:0", features = [peers] }]
            """);
        var tokens = new TranscriptTokens(host);
        var alice = Transcripts.IdOf("alice");
        const string email = "alice@example.test";
        await using var transcript = Transcripts.Load(host, "28-legacy-rs256-auth")
            .Bind("devToken", tokens.Local("user_123", "John", "john@example.com"))
            .Bind("noEmailToken", tokens.Local(alice, "Alice", null))
            .Bind("aliceRS256Token", tokens.Local(alice, "Alice", email))
            .Bind("expiredToken", tokens.Local(alice, "Alice", email, lifetime: -1))
            .Bind("wrongAudToken", tokens.Local(alice, "Alice", email, audience: "others"))
            .Bind("wrongIssToken", tokens.Local(alice, "Alice", email, issuer: "others"))
            .Bind("hs256Token", tokens.LocalWithPublicKeyAsSecret(alice))
            .Replace(3, Http("GET", "/api/v1/health", 200, """{"status":"ok","env":"development","timestamp":"<timestamp>"}""", token: null), "9: both health paths are served")
            .Replace(4, NotFound("GET", "/api/v1/auth/public-key"), removed)
            .Replace(5, NotFound("POST", "/api/v1/auth/dev-token"), removed)
            .Replace(
                7,
                Http(
                    "GET",
                    "/api/v1/auth/verify",
                    200,
                    """{"userId":"user_123","email":"john@example.com","displayName":"John","provider":"email","roles":["developer"]}""",
                    "<devToken>"),
                "9: the provider is told")
            .Replace(
                9,
                Http(
                    "GET",
                    "/api/v1/auth/verify",
                    200,
                    """{"userId":"<aliceId>","email":"","displayName":"Alice","provider":"email","roles":["developer"]}""",
                    "<noEmailToken>"),
                "9: one verifier, for which an address is optional")
            .Replace(28, """{"conn":"c4","dir":"recv","json":{"event":"AUTH_FAILED","data":{"code":"ERR_1003","message":"ERR_AUTH_EXPIRED"}}}""", ExpiredCode)
            .Replace(33, Refused("c5"), words)
            .Replace(38, Refused("c6"), words)
            .Replace(43, Refused("c7"), words)
            .Replace(48, Refused("c8"), words);
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task SlowKeyLookup()
    {
        const string ours = "2: the limit does not cover the server's own waiting, and a passing trouble has no final code";
        var time = new ManualTimeProvider(DateTimeOffset.UnixEpoch.AddDays(20_000));
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var keys = await KeyServer.StartAsync(TestKeys.RsaJwk(TranscriptTokens.KeyId));
        var document = keys.Document;
        keys.Respond = async context =>
        {
            await release.Task.WaitAsync(context.RequestAborted);
            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, document);
        };
        await using var host = await PeerSyncTestHost.StartAsync(time: time, supabaseUrl: keys.Url);
        var tokens = new TranscriptTokens(host);
        await using var transcript = Transcripts.Load(host, "32-slow-key-lookup-past-auth-limit")
            .Bind("aliceRS256Token", tokens.Rs256(Transcripts.IdOf("alice"), TranscriptTokens.KeyId))
            .Bind("bobRS256Token", tokens.Rs256(Transcripts.IdOf("bob"), TranscriptTokens.KeyId))
            .At(4, async () =>
            {
                // The lookup is under way since the start of the server, so that only the socket's deadline tells that AUTH has arrived.
                await ConnectionsAsync(host, 1);
                var connection = host.Get<SocketServer>().Connections.Snapshot().Single();
                await Eventually.TrueAsync(() => Deadline(connection) is not (null or AuthenticationTimedOut), static () => "the arrival of AUTH");
                Pass(time, 13);
            })
            .Replace(4, Error("a", "ERR_1006", "Identity service is temporarily unavailable"), ours)
            .Replace(5, """{"conn":"a","dir":"close","by":"server","code":1013,"reason":"Identity service unavailable"}""", ours)
            .At(6, async () =>
            {
                // Time passes until a retry has had its answer: one that was under way while it passed may have been given up.
                release.SetResult();
                await Eventually.TrueAsync(
                    () =>
                    {
                        Pass(time, 1);
                        return host.Server.Identity.GetReadiness().KeySet is { KeyCount: > 0 };
                    },
                    static () => "the keys");
            });
        await transcript.ReplayAsync();
    }

    private static Transcript HarmlessAttack(Transcript transcript) => transcript
        .Replace(9, Error("attacker", "ERR_5005", "Must authenticate first"), NoCrash)
        .Replace(10, """{"conn":"bystander","dir":"send","json":{"event":"PING"}}""", NoCrash)
        .Replace(11, """{"conn":"bystander","dir":"recv","json":{"event":"PONG","data":{"timestamp":"<epochMs>"}}}""", NoCrash);

    private static Task ConnectionsAsync(PeerSyncTestHost host, int count)
    {
        var connections = host.Get<SocketServer>().Connections;
        return Eventually.TrueAsync(() => connections.Count == count, () => $"{count} connections; there are {connections.Count}");
    }

    // Second by second, as the sockets' clock counts.
    private static void Pass(ManualTimeProvider time, int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private static async Task PassAndAnswerAsync(PeerSyncTestHost host, ManualTimeProvider time, int seconds, long answering)
    {
        var connection = host.Get<SocketServer>().Connections.Snapshot().Single(connection => connection.Number == answering);
        for (var i = 0; i < seconds; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Eventually.TrueAsync(() => IsAlive(connection), static () => "the answer to a ping");
        }
    }

    private static bool IsAlive(WebSocketConnection connection) => Alive(connection);

    [System.Runtime.CompilerServices.UnsafeAccessor(System.Runtime.CompilerServices.UnsafeAccessorKind.Field, Name = "_alive")]
    private static extern ref bool Alive(WebSocketConnection connection);

    [System.Runtime.CompilerServices.UnsafeAccessor(System.Runtime.CompilerServices.UnsafeAccessorKind.Field, Name = "_deadlineMessage")]
    private static extern ref object? Deadline(WebSocketConnection connection);

    private static string Received(string connection, string name, string data) =>
        $$"""{"conn":"{{connection}}","dir":"recv","json":{"event":"{{name}}","data":{{data}} } }""";

    private static string Error(string connection, string code, string message) =>
        Received(connection, "ERROR", $$"""{"code":"{{code}}","message":"{{message}}"}""");

    private static string Refused(string connection) => Received(connection, "AUTH_FAILED", """{"code":"ERR_1002","message":"ERR_AUTH_INVALID"}""");

    private static string Registered(string connection, string person, string profile) =>
        Received(connection, "PEER_REGISTERED", $$"""{"id":"<{{person}}Id>","profile":{{profile}},"status":"online"}""");

    private static string Online(string connection, string person, string profile) =>
        Received(connection, "PEER_STATUS_UPDATE", $$"""{"id":"<{{person}}Id>","profile":{{profile}},"status":"online","connectionMode":"LAN"}""");

    private static string Offline(string connection, string person) =>
        Received(connection, "PEER_STATUS_UPDATE", $$"""{"id":"<{{person}}Id>","status":"offline","connectionMode":"REMOTE"}""");

    private static string Asked(string connection, string request, string person, string profile) =>
        Received(connection, "CONNECTION_REQUEST_RECEIVED", $$"""{"requestId":"<{{request}}>","from":{"id":"<{{person}}Id>","profile":{{profile}} } }""");

    private static string List(string connection, string person, string profile) =>
        Received(
            connection,
            "PEERS_LIST",
            $$"""{"peers":[{"id":"<{{person}}Id>","profile":{{profile}},"status":"online","connectionMode":"LAN"}]}""");

    private static string EmptyList(string connection) => Received(connection, "PEERS_LIST", """{"peers":[]}""");

    private static string Http(string method, string path, int status, string body, string? token = "<aliceToken>")
    {
        var headers = token is null ? "{}" : $$"""{"authorization":"Bearer {{token}}"}""";
        return $$"""
            {"dir":"http","request":{"method":"{{method}}","path":"{{path}}","headers":{{headers}} },"response":
              {"status":{{status}},"headers":{"content-type":"application/json; charset=utf-8"},"body":{{body}} } }
            """;
    }

    private static string NotFound(string method, string path) =>
        Http(method, path, 404, $$"""{"message":"Cannot {{method}} {{path}}","error":"Not Found","statusCode":404}""", token: null);
}
