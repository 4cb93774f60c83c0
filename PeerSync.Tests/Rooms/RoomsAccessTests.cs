using System.Text.Json.Nodes;
using PeerSync.Host.Configuration;
using PeerSync.Host.Identity;
using PeerSync.Host.Rooms;
using PeerSync.Protocol.Rooms;
using PeerSync.Tests.TestKit;
using static PeerSync.Tests.Rooms.RoomsHttp;

namespace PeerSync.Tests.Rooms;

/// <summary>Who may have tokens made, call from which origin, and do the operator's work (Rooms contract, sections 1, 10 and 11).</summary>
public sealed class RoomsAccessTests
{
    private const string Editor = "vscode-file://vscode-app";
    private const string Missing = """{"error":"Missing required fields","required":["userId","roomId"]}""";

    [Fact]
    public async Task TokensAreMadeForEverybodyInDevelopment()
    {
        await using var host = await PeerSyncTestHost.StartAsync(Alone);
        var answer = (await host.PostAsync("/api/auth/token", """{"userId":"u","roomId":"a:b/c"}""")).Expect(200);
        Assert.Equal(
            ["expiresAt", "expiresIn", "message", "roomId", "status", "timestamp", "token", "userId"], answer.Json.AsObject().Select(static m => m.Key).Order());
        Assert.Equal(("success", "u", "a:b/c", "1 hour"), ((string)answer["status"]!, (string)answer["userId"]!, (string)answer["roomId"]!, (string)answer["expiresIn"]!));
        foreach (var body in (string[])["{}", "", "[]", """{"userId":"u"}""", """{"userId":"","roomId":"r"}""", """{"userId":"u","roomId":{}}""", """{"userId":"u","roomId":"\u0000"}"""])
        {
            (await host.PostAsync("/api/auth/token", body)).Expect(400, Missing);
        }
    }

    [Fact]
    public async Task ProductionMakesTokensForWhomItKnows()
    {
        await using var host = await PeerSyncTestHost.StartAsync(Production);
        const string alice = """{"userId":"alice","roomId":"r"}""";
        const string refusal = """{"error":"Not authorized to create tokens"}""";
        (await host.PostAsync("/api/auth/token", alice)).Expect(401, refusal);
        (await host.PostAsync("/api/auth/token", alice, ("X-API-Key", "wrong"))).Expect(401, refusal);
        (await host.PostAsync("/api/auth/token", alice, ("Authorization", "Bearer " + ApiKey))).Expect(401, refusal);
        (await host.PostAsync("/api/auth/token", alice, ("X-API-Key", ApiKey))).Expect(200);
        (await host.PostAsync("/api/auth/token", "{}")).Expect(400, Missing);
        (await host.GetAsync("/api/ice-servers")).Expect(401);
    }

    [Theory]
    [InlineData("development", "auto", true)]
    [InlineData("development", "proven", false)]
    [InlineData("production", "auto", false)]
    [InlineData("production", "open", true)]
    public async Task TheSettingDecidesWhoMayHaveTokensMade(string environment, string minting, bool isOpen)
    {
        await using var host = await PeerSyncTestHost.StartAsync($"{Production}\npeersync {{ environment = {environment}, rooms.minting = {minting} }}");
        (await host.PostAsync("/api/auth/token", """{"userId":"alice","roomId":"r"}""")).Expect(isOpen ? 200 : 401);
        (await host.PostAsync("/api/auth/token", """{"userId":"alice","roomId":"r"}""", ("X-API-Key", ApiKey))).Expect(200);
    }

    [Fact]
    public async Task AUserOfTheServersIdentityHasTokensMadeForItselfAlone()
    {
        await using var host = await PeerSyncTestHost.StartAsync($"{Alone}\npeersync.rooms.minting = proven");
        var alice = ("Authorization", "Bearer " + host.Token("alice"));
        (await host.PostAsync("/api/auth/token", """{"userId":"alice","roomId":"r"}""", alice)).Expect(200);
        (await host.PostAsync("/api/auth/token", """{"userId":"bob","roomId":"r"}""", alice)).Expect(401);
    }

    [Fact]
    public async Task ProductionDoesNotStartWithTheSecretThatEverybodyKnows()
    {
        var known = await Assert.ThrowsAsync<IdentityConfigurationException>(
            () => PeerSyncTestHost.StartAsync($"{Production}\npeersync.rooms.auth-secret = \"dev-secret-change-in-production\""));
        Assert.Contains("AUTH_SECRET", known.Message, StringComparison.Ordinal);
        var text = $"{Production}\npeersync {{ rooms.auth-secret = \"\", identity.supabase.jwt-secret = \"{PeerSyncTestHost.Secret}\" }}";
        Assert.Contains("rooms.auth-secret", string.Concat(PeerSyncConfiguration.LoadText(text, new Dictionary<string, string>()).Faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATokenIsValidated()
    {
        var time = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await PeerSyncTestHost.StartAsync(Alone, time);
        var token = await RoomsClient.TokenAsync(host, "u", "r");
        (await ValidateAsync("u", "r", token)).Expect(200, """{"valid":true}""");
        (await ValidateAsync("v", "r", token)).Expect(200, """{"valid":false,"error":"User ID mismatch"}""");
        (await ValidateAsync("u", "s", token)).Expect(200, """{"valid":false,"error":"Not authorized for this room"}""");
        (await ValidateAsync("u", "r", token[..^3])).Expect(200, """{"valid":false,"error":"Invalid or expired token"}""");
        (await host.PostAsync("/api/auth/validate", "{}")).Expect(200, """{"valid":false,"error":"Invalid or expired token"}""");
        host.Get<RoomsTokens>().Verify(await RoomsClient.TokenAsync(host, "u", "r"), out var other);
        await host.Get<RoomsRevocations>().RevokeAsync(other!.TokenId, PeerSyncTestHost.Cancel);
        (await ValidateAsync("u", "r", token)).Expect(200, """{"valid":true}""");
        host.Get<RoomsTokens>().Verify(token, out var claims);
        await host.Get<RoomsRevocations>().RevokeAsync(claims!.TokenId, PeerSyncTestHost.Cancel);
        (await ValidateAsync("u", "r", token)).Expect(200, """{"valid":false,"error":"Invalid or expired token"}""");

        Task<RoomsHttpAnswer> ValidateAsync(string userId, string roomId, string text) =>
            host.PostAsync("/api/auth/validate", $$"""{"userId":"{{userId}}","roomId":"{{roomId}}","token":"{{text}}"}""");
    }

    [Fact]
    public async Task AnExpiredTokenOpensNothingAndAnOpenSocketOutlivesIt()
    {
        var time = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await PeerSyncTestHost.StartAsync($"{Alone}\npeersync.rooms.token-lifetime = 10s", time);
        var token = await RoomsClient.TokenAsync(host, "u", "r");
        await using var client = await RoomsClient.ConnectAsync(host);
        await client.SendAsync($$$"""{"type":"auth","userId":"u","roomId":"r","data":{"token":"{{{token}}}"}}""");
        await client.ExpectTypeAsync("auth");
        time.Advance(TimeSpan.FromSeconds(10));
        (await host.PostAsync("/api/auth/validate", $$"""{"userId":"u","roomId":"r","token":"{{token}}"}""")).Expect(200, """{"valid":false,"error":"Token expired"}""");
        await client.SendAsync("""{"type":"create-room","userId":"u","roomId":"r"}""");
        await client.ExpectTypeAsync("room-created");
        (await host.GetAsync("/api/rooms/r/operations", ("Authorization", "Bearer " + token))).Expect(200, "[]");
        (await host.SendAsync(HttpMethod.Delete, "/api/rooms/r", null, ("Authorization", "Bearer " + token))).Expect(401);
        await client.SendAsync($$$"""{"type":"auth","userId":"u","roomId":"r","data":{"token":"{{{token}}}"}}""");
        await client.ExpectErrorAsync("Token expired");
    }

    [Fact]
    public async Task TokensOfOneAddressAreBounded()
    {
        await using var host = await PeerSyncTestHost.StartAsync($"{Alone}\npeersync {{ rate-limits.enabled = on, rooms.tokens {{ burst = 2, per-minute = 1 }} }}");
        const string body = """{"userId":"u","roomId":"r"}""";
        (await host.PostAsync("/api/auth/token", body)).Expect(200);
        (await host.PostAsync("/api/auth/token", body)).Expect(200);
        var refused = await host.PostAsync("/api/auth/token", body);
        refused.Expect(429, """{"error":"Too many requests, please try again later"}""");
        Assert.InRange(int.Parse(refused.Header("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture), 1, 60);
        (await host.PostAsync("/api/auth/token", body, ("X-Forwarded-For", "192.0.2.9"))).Expect(200);
    }

    [Theory]
    [InlineData("development")]
    [InlineData("production")]
    public async Task TheOperatorsRoutesNeedTheOperatorsKey(string environment)
    {
        await using var host = await PeerSyncTestHost.StartAsync($"{Production}\npeersync.environment = {environment}");
        foreach (var (method, path) in new[] { (HttpMethod.Post, "/api/maintenance/cleanup"), (HttpMethod.Post, "/api/maintenance/gc"), (HttpMethod.Get, "/api/admin/audit") })
        {
            (await host.SendAsync(method, path, null)).Expect(401, """{"error":"Unauthorized"}""");
            (await host.SendAsync(method, path, null, ("X-Admin-API-Key", ApiKey))).Expect(401, """{"error":"Unauthorized"}""");
            (await host.SendAsync(method, path, null, ("X-Admin-API-Key", AdminKey))).Expect(200);
            (await host.SendAsync(method, path, null, ("Authorization", "Bearer " + AdminKey))).Expect(200);
        }
    }

    [Fact]
    public async Task WithoutAKeyTheOperatorsRoutesAreOpenInDevelopmentAlone()
    {
        await using var development = await PeerSyncTestHost.StartAsync(Alone);
        (await development.PostAsync("/api/maintenance/cleanup", "{}")).Expect(200, """{"message":"Cleanup triggered","before":0,"after":0,"cleaned":0}""");
        await using var production = await PeerSyncTestHost.StartAsync($"{Production}\npeersync.rooms.admin-key = \"\"");
        (await production.PostAsync("/api/maintenance/cleanup", "{}")).Expect(401);
        (await production.PostAsync("/api/maintenance/cleanup", "{}", ("X-Admin-API-Key", ""))).Expect(401);
    }

    [Theory]
    [InlineData("development", Editor, true)]
    [InlineData("development", "https://anybody.example", true)]
    [InlineData("production", Editor, true)]
    [InlineData("production", "http://localhost", true)]
    [InlineData("production", "http://localhost:5173", true)]
    [InlineData("production", "http://localhost.evil.example", false)]
    [InlineData("production", "https://anybody.example", false)]
    [InlineData("production", "vscode-file://vscode-app.evil", false)]
    public async Task TheEditorAndLocalPagesMayCallWhateverTheSettings(string environment, string origin, bool isAllowed)
    {
        await using var host = await PeerSyncTestHost.StartAsync($"{Production}\npeersync {{ environment = {environment}, rooms.minting = open }}");
        var expected = isAllowed ? origin : null;
        foreach (var path in (string[])["/api/health", "/health", "/api/rooms", "/api/rooms/none"])
        {
            Assert.Equal(expected, (await host.GetAsync(path, ("Origin", origin))).Header("Access-Control-Allow-Origin"));
        }

        var token = await host.PostAsync("/api/auth/token", """{"userId":"u","roomId":"r"}""", ("Origin", origin));
        Assert.Equal((200, expected), (token.Status, token.Header("Access-Control-Allow-Origin")));
        Assert.Equal(expected, (await host.PostAsync("/api/rooms", "{", ("Origin", origin))).Header("Access-Control-Allow-Origin"));
        foreach (var path in (string[])["/api/auth/token", "/api/rooms", "/api/rooms/r/join", "/api/health"])
        {
            var preflight = await host.SendAsync(
                HttpMethod.Options, path, null, ("Origin", origin), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "content-type,authorization"));
            Assert.Equal(expected, preflight.Header("Access-Control-Allow-Origin"));
            if (isAllowed)
            {
                Assert.Equal((204, "content-type,authorization"), (preflight.Status, preflight.Header("Access-Control-Allow-Headers")));
                Assert.Contains("POST", preflight.Header("Access-Control-Allow-Methods")!, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task AConfiguredPageMayHaveTokensMade()
    {
        const string page = "https://app.example.com";
        await using var host = await PeerSyncTestHost.StartAsync($"{Production}\npeersync {{ cors.origins = [\"{page}\"], rooms.minting = open }}");
        var token = await host.PostAsync("/api/auth/token", """{"userId":"u","roomId":"r"}""", ("Origin", page));
        Assert.Equal((200, page), (token.Status, token.Header("Access-Control-Allow-Origin")));
    }

    [Fact]
    public async Task TheTokenPathIsTheirsWhoNameAUserAndARoom()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        (await host.PostAsync("/api/auth/token", """{"userId":"u","roomId":"r"}""")).Expect(200);
        var other = await host.PostAsync("/api/auth/token", "{}");
        Assert.DoesNotContain("roomId", other.Text, StringComparison.Ordinal);
        Assert.NotEqual(200, other.Status);
    }

    [Fact]
    public async Task TheAuditTrailShowsWhoCameAndNoSecrets()
    {
        await using var host = await PeerSyncTestHost.StartAsync(Alone);
        var token = await RoomsClient.TokenAsync(host, "alice", "audited");
        await using (var alice = await RoomsClient.ConnectAsync(host))
        {
            await alice.SendAsync("""{"type":"auth","userId":"alice","roomId":"audited","data":{"token":"bogus"}}""");
            await alice.ExpectErrorAsync("Invalid or expired token");
            await alice.SendAsync($$$"""{"type":"auth","userId":"alice","roomId":"audited","data":{"token":"{{{token}}}"}}""");
            await alice.ExpectTypeAsync("auth");
            await alice.SendAsync("""{"type":"create-room","userId":"alice","roomId":"audited","data":{"userName":"Alice"}}""");
            await alice.ExpectTypeAsync("room-created");
            await using var second = await RoomsClient.ConnectAsync(host);
            await second.SendAsync($$$"""{"type":"auth","userId":"alice","roomId":"audited","data":{"token":"{{{token}}}"}}""");
            await second.ExpectTypeAsync("auth");
            await second.SendAsync("""{"type":"join-room","userId":"alice","roomId":"audited","data":{"userName":"Alice"}}""");
            await second.ExpectTypeAsync("room-joined");
        }

        await host.SendAsync(HttpMethod.Post, "/api/maintenance/cleanup", null);
        string[] expected = ["token-issued", "auth-refused", "auth-ok", "room-created", "joined", "auth-ok", "replaced", "left"];
        JsonArray records = [];
        await Eventually.TrueAsync(
            async () => (records = (await host.GetAsync("/api/admin/audit?roomId=audited"))["records"]!.AsArray()).Count >= expected.Length,
            () => $"{expected.Length} records; there are {records.ToJsonString()}");
        Assert.Equal(expected, records.Reverse().Select(static r => (string)r!["event"]!));
        Assert.DoesNotContain(token, records.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", records.ToJsonString(), StringComparison.Ordinal);
        var joined = records.Single(static r => (string?)r!["event"] == "joined")!;
        host.Get<RoomsTokens>().Verify(token, out var claims);
        Assert.Equal(("alice", "audited", "E", claims!.TokenId), ((string)joined["userId"]!, (string)joined["roomId"]!, (string)joined["dialect"]!, (string)joined["tokenJti"]!));
        Assert.NotEmpty((string)joined["connectionId"]!);
        Assert.Equal("TOKEN_INVALID", (string?)records.Single(static r => (string?)r!["event"] == "auth-refused")!["reason"]);
        await Eventually.TrueAsync(
            async () => (await host.GetAsync("/api/admin/audit")).Text.Contains("\"admin-cleanup\"", StringComparison.Ordinal), static () => "the record of the clean-up");
        Assert.Single((await host.GetAsync("/api/admin/audit?limit=1"))["records"]!.AsArray());
        Assert.Equal(["alice"], (await host.GetAsync("/api/admin/audit?userId=alice"))["records"]!.AsArray().Select(static r => (string)r!["userId"]!).Distinct());
        Assert.Empty((await host.GetAsync("/api/admin/audit?roomId=audited&since=2100-01-01T00:00:00Z"))["records"]!.AsArray());
        Assert.Equal(
            ["connect", "connect"],
            (await host.GetAsync("/api/admin/audit"))["records"]!.AsArray().Select(static r => (string)r!["event"]!).Where(static name => name == "connect"));
    }
}
