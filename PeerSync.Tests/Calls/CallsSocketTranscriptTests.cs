using PeerSync.Protocol.Calls;
using PeerSync.Protocol.Identity;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Calls;

/// <summary>The recorded exchanges that are about sockets, with the deviations that the contract asks for.</summary>
public sealed class CallsSocketTranscriptTests
{
    private const string LiteralIds = "peersync.calls.peer-ids = device\n";

    private static CancellationToken Cancel => PeerSyncTestHost.Cancel;

    [Theory]
    [InlineData("01-happy-call")]
    [InlineData("17-disconnects")]
    public Task WithoutDeviations(string name) => ReplayAsync(name, static transcript => transcript);

    [Theory]
    [InlineData("19-acks", 21)]
    [InlineData("27-offer-glare", 20)]
    public Task EndedInTheCall(string name, int end) => ReplayAsync(name, transcript => transcript
        .Also(end, "0.7: the partner is told", "bob", "peer-disconnected", """{"sessionId":"<sessionId>"}"""));

    [Fact]
    public Task Authentication() => ReplayAsync("09-socket-auth", static (transcript, host) => transcript
        .With("token_expired", new CallsTokens(
            SigningKey.Hs256(System.Text.Encoding.UTF8.GetBytes(CallsTestHost.Secret)), TimeSpan.FromMinutes(5), new ManualTimeProvider()).Issue("d"))
        .Before(25, () => host.Directory.BanAsync("device-alice", "Reported", null, null, Cancel))
        .Without("the Node client replays the other transports", 36, 37, 38, 39, 40, 42, 43, 44, 45, 46));

    [Fact]
    public Task Queue() => ReplayAsync("11-queue", static transcript => transcript
        .Without("0.1: the same join again is not answered, and nobody is matched with itself", 19, 20, 21));

    [Fact]
    public Task DoubleJoin() => ReplayAsync("12-queue-double-join-self-match", static transcript => transcript
        .Without("0.1: the same join again is not answered, and nobody is matched with itself", 9, 10, 11, 12, 13));

    [Fact]
    public Task RateLimit() => ReplayAsync("13-queue-rate-limit", static transcript =>
    {
        foreach (var line in Enumerable.Range(4, 9).Select(static index => index * 2))
        {
            transcript.Instead(
                line, "6.1: changed parameters replace the entry", """{"position":1,"queueLength":1,"timestamp":"<timestamp:number>","isPremium":false}""");
        }

        return transcript;
    });

    [Fact]
    public Task Validation() => ReplayAsync("14-validation", static transcript => transcript
        .With("b", "<b>")
        .With("i", "<i>")
        .With("script", "<script>")
        .Without("0.2: an empty gender is none given; in a call the join is stale", 16)
        .Without("6.1: a join within 5 s of a match is ignored", 38)
        .Without("5.2: up to four emoji", 69)
        .Also(68, "5.2: up to four emoji", "alice", "exception", Invalid("emoji must be a valid emoji character"))
        .Without("5.2: letters are refused", 80, 82)
        .Also(79, "5.2: letters are refused", "alice", "exception", Invalid("emoji must be a valid emoji character"))
        .Also(81, "5.2: letters are refused", "alice", "exception", Invalid("emoji must be a valid emoji character"))
        .Without("5.2: flags are accepted", 86)
        .Also(
            85,
            "5.2: flags are accepted",
            "bob",
            "reaction",
            """{"sessionId":"<sessionId>","emoji":"\uD83C\uDDE9\uD83C\uDDEA","timestamp":1,"from":"<device_alice>"}""")
        .Instead(88, "12, flaw 14: validated", Invalid(SessionIdRules))
        .Instead(90, "12, flaw 14: validated", Invalid(SessionIdRules))
        .Also(91, "12, flaw 14: validated", "alice", "exception", Invalid(SessionIdRules))
        .Also(95, "0.7: the partner is told", "bob", "peer-disconnected", """{"sessionId":"<sessionId>"}"""));

    [Fact]
    public Task Strangers() => ReplayAsync("15-signal-errors", static transcript => transcript
        .Without("12, flaw 2: a stranger finds no session", 35, 38, 41, 44)
        .Also(34, "12, flaw 2: a stranger finds no session", "mallory", "error", """{"message":"Session not found"}""")
        .Also(43, "12, flaw 2: the call goes on", "bob", "offer", """{"sessionId":"<sessionId>","offer":{"sdp":"after end"},"from":"<device_alice>"}""")
        .Also(45, "0.7: the partner is told", "bob", "peer-disconnected", """{"sessionId":"<sessionId>"}"""));

    [Fact]
    public Task TwoSockets() => ReplayAsync("18-same-device-twice", static (transcript, host) => transcript
        .With("token_tab1", host.Tokens.Issue("device-alice"))
        .With("token_tab2", host.Tokens.Issue("device-alice"))
        .Also(
            23,
            "0.5: the newer socket stays the device's",
            "tab2",
            "message",
            """{"sessionId":"<sessionId>","message":"are you there","timestamp":1,"from":"<device_bob>"}""")
        .Also(24, "0.5: the end of the newest ends the call", "bob", "peer-disconnected", """{"sessionId":"<sessionId>"}"""));

    [Fact]
    public Task RecentPartners() => ReplayAsync("21-recent-match-exclusion", static transcript => transcript
        .Instead(31, "6.6: who was skipped is not blamed", Matched("bob"))
        .Instead(32, "6.6: who was skipped is not blamed", Matched("carol"))
        .Also(34, "0.7: the partner is told", "carol", "peer-disconnected", """{"sessionId":"<sessionId_2>"}"""));

    [Fact]
    public Task Blocks() => ReplayAsync("22-block-and-match", static transcript => transcript
        .Without("0.8: blocked devices are not matched", 19, 20));

    [Fact]
    public Task NoUpdatesInACall() => ReplayAsync("23-queue-update-after-match", static transcript => transcript
        .Without("6.1: updates stop at the match", 16, 17, 18, 19)
        .Also(20, "0.7: the partner is told", "bob", "peer-disconnected", """{"sessionId":"<sessionId>"}"""));

    [Fact]
    public async Task ASocketOutlivesItsToken()
    {
        var time = new ManualTimeProvider();
        await using var host = await CallsTestHost.StartAsync(LiteralIds, time);
        await using var transcript = new CallsSocketTranscript("24-token-expiry-live-socket", host);
        await transcript
            .With("token_expiring_in_2_s", host.Tokens.Issue("device-short", lifetime: TimeSpan.FromSeconds(2)))
            .Before(5, () =>
            {
                time.Advance(TimeSpan.FromSeconds(3));
                return Task.CompletedTask;
            })
            .ReplayAsync();
    }

    [Fact]
    public async Task ASessionLivesAsLongAsItsPeers()
    {
        var time = new ManualTimeProvider();
        await using var host = await CallsTestHost.StartAsync(LiteralIds, time);
        await using var transcript = new CallsSocketTranscript("28-session-ttl", host);
        await transcript
            .Before(16, async () =>
            {
                for (var i = 0; i < 40; i++)
                {
                    time.Advance(TimeSpan.FromSeconds(10));
                    await transcript.SettleAsync();
                }
            })
            .Also(16, "0.7: the session lives", "bob", "message", """{"sessionId":"<sessionId>","message":"still there?","timestamp":1,"from":"<device_alice>"}""")
            .Also(17, "0.7: the session lives", "bob", "offer", """{"sessionId":"<sessionId>","offer":{"sdp":"restart"},"from":"<device_alice>"}""")
            .Without("0.7: the session lives", 18)
            .Also(20, "0.7: the partner is told", "bob", "peer-disconnected", """{"sessionId":"<sessionId>"}""")
            .ReplayAsync();
    }

    [Fact]
    public Task Stop() => ReplayAsync("30-sigterm", static (transcript, host) => transcript
        .Before(22, () => host.Server.Server.StopAsync(Cancel)));

    private const string SessionIdRules =
        "sessionId must be shorter than or equal to 100 characters, sessionId must be longer than or equal to 1 characters, sessionId must be a string";

    private static string Invalid(string rules) => $$"""{"status":"error","message":"Validation failed: {{rules}}"}""";

    private static string Matched(string peer) =>
        $$"""{"sessionId":"<sessionId_2>","timestamp":"<timestamp:number>","compatibilityScore":71,"commonInterests":[],"peerId":"<device_{{peer}}>"}""";

    private static Task ReplayAsync(string name, Func<CallsSocketTranscript, CallsSocketTranscript> deviate) =>
        ReplayAsync(name, (transcript, _) => deviate(transcript));

    private static async Task ReplayAsync(string name, Func<CallsSocketTranscript, CallsTestHost, CallsSocketTranscript> deviate)
    {
        await using var host = await CallsTestHost.StartAsync(LiteralIds);
        await using var transcript = new CallsSocketTranscript(name, host);
        await deviate(transcript, host).ReplayAsync();
    }
}
