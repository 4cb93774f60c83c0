using System.Text.Json.Nodes;
using PeerSync.Host.Calls;
using PeerSync.Host.Commands;
using PeerSync.Host.Configuration;
using PeerSync.Protocol.Calls;
using PeerSync.Storage.Calls;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Calls;

public sealed class CallsEndpointTests
{
    private const string Listed = "peersync.calls.moderators = [mod]";

    [Fact]
    public async Task Peers_are_pseudonyms_that_block_and_report_and_never_become_devices()
    {
        await using var host = await CallsTestHost.StartAsync(Listed);
        var names = host.Server.Get<CallsPeerIds>();
        var bob = names.Of("alice", "bob");
        Assert.Equal(400, (await host.AskAsync(HttpMethod.Post, "/auth/token", null, $$"""{"deviceId":"{{bob}}"}""")).Status);
        Assert.Equal(201, (await host.AskAsync(HttpMethod.Post, "/blocks", "alice", $$"""{"blockedUserId":"{{bob}}"}""")).Status);
        Assert.Equal(409, (await host.AskAsync(HttpMethod.Post, "/blocks", "alice", """{"blockedUserId":"bob"}""")).Status);
        var (_, list) = await host.AskAsync(HttpMethod.Get, "/blocks", "alice");
        Assert.Equal(bob, list!["blocked"]![0]!["blockedId"]!.GetValue<string>());
        Assert.DoesNotContain("\"bob\"", list.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(["alice"], await host.Directory.ListBlockedEitherWayAsync("bob", PeerSyncTestHost.Cancel));

        // A name that somebody else was told is nobody's here, and one's own is oneself.
        Assert.Equal(404, (await host.AskAsync(HttpMethod.Post, "/blocks", "carol", $$"""{"blockedUserId":"{{bob}}"}""")).Status);
        var self = await host.AskAsync(HttpMethod.Post, "/blocks", "bob", $$"""{"blockedUserId":"{{names.Of("bob", "bob")}}"}""");
        Assert.Equal((400, "You cannot block yourself"), (self.Status, self.Body!["message"]!.GetValue<string>()));

        var report = await host.AskAsync(
            HttpMethod.Post, "/reports", "alice", $$"""{"reportedPeerId":"{{bob}}","sessionId":"{{host.Live.SessionId}}","reason":"underage"}""");
        Assert.Equal(201, report.Status);
        var (_, next) = await host.ModerateAsync(HttpMethod.Get, "/reports/next");
        Assert.Equal("bob", next!["reportedPeerId"]!.GetValue<string>());
        Assert.Equal(200, (await host.AskAsync(HttpMethod.Delete, "/blocks", "alice", $$"""{"blockedUserId":"{{bob}}"}""")).Status);
        Assert.Equal(["alice blocks bob", "alice unblocks bob"], host.Live.Told);
    }

    [Fact]
    public async Task Evidence_is_that_of_the_two_who_were_in_the_call()
    {
        await using var host = await CallsTestHost.StartAsync(Listed);
        var id = await ReportAsync(host, "alice", "bob", host.Live.SessionId);
        var stranger = await ReportAsync(host, "carol", "bob", host.Live.SessionId);
        var other = await ReportAsync(host, "alice", "carol", host.Live.SessionId);
        var (status, report) = await host.ModerateAsync(HttpMethod.Get, $"/reports/{id}");
        Assert.Equal(200, status);
        Assert.Equal(
            """[{"from":"bob","message":"rude words","timestamp":1000},{"from":"alice","message":"stop it","timestamp":2000}]""",
            report!["evidence"]!.ToJsonString());
        Assert.Null((await host.ModerateAsync(HttpMethod.Get, $"/reports/{stranger}")).Body!["evidence"]);
        Assert.Null((await host.ModerateAsync(HttpMethod.Get, $"/reports/{other}")).Body!["evidence"]);
        Assert.Equal(404, (await host.ModerateAsync(HttpMethod.Get, $"/reports/{Guid.NewGuid()}")).Status);
    }

    [Fact]
    public async Task What_was_kept_long_enough_goes_by_itself()
    {
        var time = new ManualTimeProvider();
        await using var host = await CallsTestHost.StartAsync(time: time);
        var id = Guid.Parse(await ReportAsync(host, "alice", "bob", "s1"));
        await host.Server.Server.Store.Database.WriteAsync(
            "making a report old", static session => session.ExecuteAsync("UPDATE calls_reports SET submitted_at = 1000000"), PeerSyncTestHost.Cancel);
        time.Advance(TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(
            async () => await host.Directory.FindReportAsync(id, PeerSyncTestHost.Cancel) is null, static () => "the end of an old report");
    }

    [Fact]
    public async Task A_device_id_alone_moderates_nothing()
    {
        await using var host = await CallsTestHost.StartAsync(Listed);
        Assert.Equal((403, "Moderator privileges required"), await RefusalAsync("mod"));
        Assert.Equal((403, "Moderator privileges required"), await RefusalAsync("mod", ("X-Moderator-Key", "wrong")));
        Assert.Equal((403, "User not found"), await RefusalAsync("alice", ("X-Moderator-Key", CallsTestHost.ModeratorKey)));
        await host.Directory.EnsureDeviceAsync("alice", PeerSyncTestHost.Cancel);
        Assert.Equal((403, "Moderator privileges required"), await RefusalAsync("alice", ("X-Moderator-Key", CallsTestHost.ModeratorKey)));
        Assert.Equal(200, (await host.ModerateAsync(HttpMethod.Get, "/reports")).Status);

        // A token that says so needs no key, keeps saying so when it is renewed, and ends with the role.
        await host.Directory.SetRoleAsync("alice", CallsRole.Moderator, null, PeerSyncTestHost.Cancel);
        var token = host.Tokens.Issue("alice", isModerator: true);
        var (_, renewed) = await host.AskAsync(HttpMethod.Post, "/auth/refresh", null, null, ("Authorization", $"Bearer {token}"));
        var bearer = ("Authorization", $"Bearer {renewed!["accessToken"]!.GetValue<string>()}");
        Assert.Equal(200, (await host.AskAsync(HttpMethod.Get, "/reports/stats", null, null, bearer)).Status);
        await host.Directory.SetRoleAsync("alice", CallsRole.User, null, PeerSyncTestHost.Cancel);
        Assert.Equal(403, (await host.AskAsync(HttpMethod.Get, "/reports/stats", null, null, bearer)).Status);

        async Task<(int, string)> RefusalAsync(string device, params (string, string)[] headers)
        {
            var (status, body) = await host.AskAsync(HttpMethod.Get, "/reports", device, null, headers);
            return (status, body!["message"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task A_ban_closes_the_turn_server_and_can_be_lifted()
    {
        await using var host = await CallsTestHost.StartAsync(Listed);
        var id = await ReportAsync(host, "alice", "bob", "s1");
        Assert.Equal(201, (await host.AskAsync(HttpMethod.Post, "/turn/credentials", "bob")).Status);
        var decision = $$"""{"reportId":"{{id}}","decision":"accepted","banHours":2}""";
        Assert.Equal(201, (await host.ModerateAsync(HttpMethod.Post, "/reports/moderate", decision)).Status);
        Assert.Equal(["bob is banned"], host.Live.Told);
        var refused = await host.AskAsync(HttpMethod.Post, "/turn/credentials", "bob");
        Assert.Equal((403, "Device is banned"), (refused.Status, refused.Body!["message"]!.GetValue<string>()));
        var (_, bans) = await host.ModerateAsync(HttpMethod.Get, "/bans");
        Assert.Equal("Reported for: spam", bans![0]!["reason"]!.GetValue<string>());
        Assert.Equal(id, bans[0]!["reportId"]!.GetValue<string>());
        Assert.Equal(
            TimeSpan.FromHours(2), bans[0]!["expiresAt"]!.GetValue<DateTimeOffset>() - bans[0]!["bannedAt"]!.GetValue<DateTimeOffset>());

        Assert.Equal(403, (await host.AskAsync(HttpMethod.Delete, "/bans/bob", "mod")).Status);
        Assert.Equal(200, (await host.ModerateAsync(HttpMethod.Delete, "/bans/bob")).Status);
        Assert.Equal(404, (await host.ModerateAsync(HttpMethod.Delete, "/bans/bob")).Status);
        Assert.Equal(201, (await host.AskAsync(HttpMethod.Post, "/turn/credentials", "bob")).Status);

        var (status, ban) = await host.ModerateAsync(HttpMethod.Post, "/bans", """{"deviceId":"eve","reason":"bot"}""");
        Assert.Equal(201, status);
        Assert.Equal(TimeSpan.FromDays(30), ban!["expiresAt"]!.GetValue<DateTimeOffset>() - ban["bannedAt"]!.GetValue<DateTimeOffset>());
        Assert.Equal(400, (await host.ModerateAsync(HttpMethod.Post, "/bans", """{"deviceId":"eve","reason":"bot","banHours":0}""")).Status);
        var actions = (await host.Server.Server.Store.Audit.ReadNewestAsync("calls", 10, PeerSyncTestHost.Cancel)).Select(static record => record.Entry.Action);
        Assert.Equal(["device.ban", "device.unban", "device.ban", "report.accepted"], actions);
    }

    [Theory]
    [InlineData("/auth/token", "{\"deviceId\":\"a\\u0000\"}", "deviceId must be a string without control characters")]
    [InlineData("/auth/token", "{\"deviceId\":[\"a\"]}", "deviceId must be a string")]
    [InlineData("/auth/token", "{\"a\":1,\"deviceId\":\"\"}", "property a should not exist;deviceId should not be empty")]
    [InlineData("/auth/token", "[]", "deviceId should not be empty;deviceId must be a string")]
    [InlineData("/reports", "{\"reportedPeerId\":\"b\",\"sessionId\":\"s\",\"reason\":\"spam\",\"comment\":{}}", "comment must be a string")]
    [InlineData("/blocks", "{\"blockedUserId\":true,\"reason\":7,\"sessionId\":null,\"x\":{}}", "property x should not exist")]
    public async Task What_is_wrong_is_told_in_the_originals_words(string path, string json, string problems)
    {
        await using var host = await CallsTestHost.StartAsync();
        var (status, body) = await host.AskAsync(HttpMethod.Post, path, "alice", json);
        Assert.Equal(400, status);
        Assert.Equal(problems, string.Join(';', body!["message"]!.AsArray().Select(static problem => problem!.GetValue<string>())));
    }

    [Fact]
    public async Task Lengths_and_sizes_have_limits()
    {
        await using var host = await CallsTestHost.StartAsync(Listed);
        Assert.Equal(201, (await host.AskAsync(HttpMethod.Post, "/auth/token", null, $$"""{"deviceId":"{{new string('a', 128)}}"}""")).Status);
        Assert.Equal(400, (await host.AskAsync(HttpMethod.Post, "/auth/token", null, $$"""{"deviceId":"{{new string('a', 129)}}"}""")).Status);
        var comment = $$"""{"reportedPeerId":"b","sessionId":"s","reason":"spam","comment":"{{new string('c', 2001)}}"}""";
        Assert.Equal(400, (await host.AskAsync(HttpMethod.Post, "/reports", "alice", comment)).Status);
        var (status, body) = await host.AskAsync(HttpMethod.Post, "/auth/token", null, $$"""{"deviceId":"{{new string('a', 110_000)}}"}""");
        Assert.Equal((413, """{"statusCode":413,"message":"request entity too large"}"""), (status, body!.ToJsonString()));
        Assert.Equal(200, (await host.ModerateAsync(HttpMethod.Get, "/reports?limit=-3")).Status);
        Assert.Equal(400, (await host.ModerateAsync(HttpMethod.Get, "/reports?status=lost")).Status);
        Assert.Equal(404, (await host.AskAsync(HttpMethod.Get, "/reports/unknown", "alice")).Status);
    }

    [Fact]
    public async Task A_device_has_windows_of_its_own_behind_one_address()
    {
        await using var host = await CallsTestHost.StartAsync(time: new ManualTimeProvider());
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(200, (await host.AskAsync(HttpMethod.Get, "/auth/verify", "alice")).Status);
        }

        using var refused = await host.SendAsync(HttpMethod.Get, "/auth/verify", "alice");
        Assert.Equal(429, (int)refused.StatusCode);
        Assert.Equal("1", refused.Headers.GetValues("Retry-After").Single());
        Assert.False(refused.Headers.Contains("X-RateLimit-Limit-short"));
        Assert.Equal(200, (await host.AskAsync(HttpMethod.Get, "/auth/verify", "bob")).Status);
        Assert.Equal(200, (await host.AskAsync(HttpMethod.Get, "/blocks/count", "alice")).Status);
    }

    [Fact]
    public async Task An_address_has_a_limit_whatever_devices_it_has()
    {
        await using var host = await CallsTestHost.StartAsync("peersync.rate-limits.http-requests-per-address { burst = 2, per-second = 1 }");
        Assert.Equal(200, (await host.AskAsync(HttpMethod.Get, "/auth/verify", "a")).Status);
        Assert.Equal(200, (await host.AskAsync(HttpMethod.Get, "/auth/verify", "b")).Status);
        using var refused = await host.SendAsync(HttpMethod.Get, "/auth/verify", "c");
        Assert.Equal(429, (int)refused.StatusCode);
        Assert.Equal("1", refused.Headers.GetValues("Retry-After").Single());
    }

    [Fact]
    public async Task Where_all_features_are_served_health_is_one_answer()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        var ready = JsonNode.Parse(await host.Http.GetStringAsync("/health/ready", PeerSyncTestHost.Cancel))!;
        Assert.Equal("ok", ready["status"]!.GetValue<string>());
        Assert.Equal("""{"postgres":true,"redis":true,"pubsub":true}""", ready["services"]!.ToJsonString());
        var live = JsonNode.Parse(await host.Http.GetStringAsync("/health", PeerSyncTestHost.Cancel))!;
        Assert.Equal("""{"database":"connected","redis":"connected","postgres":"up","pubsub":"up"}""", live["services"]!.ToJsonString());
        Assert.InRange(live["memory"]!["rss"]!.GetValue<long>(), 1 << 20, long.MaxValue);
        Assert.Equal(System.Text.Json.JsonValueKind.Number, live["timestamp"]!.GetValueKind());
    }

    [Theory]
    [InlineData(0, "/auth/verify", 401)]
    [InlineData(1, "/auth/verify", 404)]
    [InlineData(0, "/api/auth/verify", 404)]
    [InlineData(1, "/api/auth/verify", 401)]
    [InlineData(0, "/blocks", 401)]
    [InlineData(1, "/blocks", 404)]
    public async Task Routes_are_those_of_the_listener(int listener, string path, int expected)
    {
        await using var host = await PeerSyncTestHost.StartAsync(
            """peersync.listeners = [{ url = "http://127.0.0.1:0", features = [calls] }, { url = "http://127.0.0.1:0", features = [sync] }]""");
        using var response = await host.Http.GetAsync(new Uri(host.Server.Addresses[listener], path), PeerSyncTestHost.Cancel);
        Assert.Equal(expected, (int)response.StatusCode);
    }

    [Fact]
    public async Task Where_nothing_is_set_the_secrets_are_made_once()
    {
        await using var host = await PeerSyncTestHost.StartAsync("""peersync.listeners = [{ url = "http://127.0.0.1:0", features = [calls] }]""");
        var keys = host.Get<CallsKeys>();
        Assert.Equal(
            ["development-calls-secret.hex", "development-turn-secret.hex"], keys.GeneratedPaths.Select(static path => Path.GetFileName(path)));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/turn/credentials");
        request.Headers.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", host.Get<CallsTokens>().Issue("a"));
        using var response = await host.Http.SendAsync(request, PeerSyncTestHost.Cancel);
        Assert.StartsWith(
            """{"urls":["turn:localhost:3478","turns:localhost:5349"],"username":""", await response.Content.ReadAsStringAsync(PeerSyncTestHost.Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_managed_turn_server_is_told_of_as_it_is()
    {
        await using var host = await CallsTestHost.StartAsync(
            """peersync.turn { provider = managed, urls = ["turn:a.example:1", "turns:b.example:2"], username = u, password = p }""");
        var (status, body) = await host.AskAsync(HttpMethod.Post, "/turn/credentials", "alice");
        Assert.Equal(201, status);
        Assert.Equal("""{"urls":["turn:a.example:1","turns:b.example:2"],"username":"u","credential":"p","ttl":3600}""", body!.ToJsonString());
    }

    [Fact]
    public async Task The_operators_command_appoints_and_makes_tokens()
    {
        await using var host = await CallsTestHost.StartAsync(Listed);
        var configuration = PeerSyncConfiguration.LoadText(
            $"peersync.admin.url = \"{host.Server.AdminAddress.GetLeftPart(UriPartial.Authority)}\"", new Dictionary<string, string>());
        using var output = new StringWriter();
        Assert.Equal(ExitCode.Ok, await ModeratorsCommand.AppointAsync(configuration, "alice", "admin", output, TextWriter.Null, PeerSyncTestHost.Cancel));
        Assert.Equal(ExitCode.Ok, await ModeratorsCommand.ListAsync(configuration, output, TextWriter.Null, PeerSyncTestHost.Cancel));
        Assert.Contains("alice is admin.", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("moderator  settings   mod", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("admin      appointed  alice", output.ToString(), StringComparison.Ordinal);

        using var token = new StringWriter();
        Assert.Equal(ExitCode.Ok, await ModeratorsCommand.IssueAsync(configuration, "alice", "8h", token, TextWriter.Null, PeerSyncTestHost.Cancel));
        var bearer = ("Authorization", $"Bearer {token.ToString().Trim()}");
        Assert.Equal(200, (await host.AskAsync(HttpMethod.Get, "/reports", null, null, bearer)).Status);
        Assert.Equal(CallsTokenStatus.Valid, host.Tokens.Verify(token.ToString().Trim(), out var claims));
        Assert.Equal(TimeSpan.FromHours(8), claims!.ExpiresAt - claims.IssuedAt);

        Assert.Equal(ExitCode.Ok, await ModeratorsCommand.AppointAsync(configuration, "alice", "user", output, TextWriter.Null, PeerSyncTestHost.Cancel));
        Assert.Equal(403, (await host.AskAsync(HttpMethod.Get, "/reports", null, null, bearer)).Status);
        using var error = new StringWriter();
        Assert.Equal(ExitCode.Failed, await ModeratorsCommand.IssueAsync(configuration, "alice", null, token, error, PeerSyncTestHost.Cancel));
        Assert.Contains("404", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failed, await ModeratorsCommand.IssueAsync(configuration, "mod", "soon", token, error, PeerSyncTestHost.Cancel));
        using var outside = await host.Http.GetAsync("/admin/calls/moderators", PeerSyncTestHost.Cancel);
        Assert.Equal(404, (int)outside.StatusCode);
    }

    private static async Task<string> ReportAsync(CallsTestHost host, string reporter, string reported, string sessionId)
    {
        var (status, body) = await host.AskAsync(
            HttpMethod.Post, "/reports", reporter, $$"""{"reportedPeerId":"{{reported}}","sessionId":"{{sessionId}}","reason":"spam"}""");
        Assert.Equal(201, status);
        return body!["reportId"]!.GetValue<string>();
    }
}
