using System.Text.Json.Nodes;
using PeerSync.Storage.Sharing;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sharing;

public sealed class KeysEndpointTests(SharingHostFixture fixture) : IClassFixture<SharingHostFixture>
{
    [Fact]
    public async Task Of_registrations_that_come_at_once_two_stay()
    {
        var user = await fixture.NewUserAsync("user");
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => RegisterAsync(user, $"d{i}", TestDeviceKey.New().Json)));
        Assert.Equal(2, answers.Count(static answer => answer.Status == 200));
        var refused = answers.Where(static answer => answer.Status != 200).ToList();
        Assert.All(refused, static answer => Assert.Equal((409, "Device limit reached (2)"), (answer.Status, (string?)answer.Body!["error"])));
        var devices = await DevicesAsync(user);
        Assert.Equal([true, false], devices.Select(static device => (bool)device!["isPrimary"]!));
    }

    [Fact]
    public async Task Of_claims_that_come_at_once_one_gets_the_message()
    {
        var user = await fixture.NewUserAsync("user");
        var (_, started) = await CallAsync(HttpMethod.Post, "keys/pairing/init", user, """{"deviceId":"d","ivB64u":"iv","ciphertextB64u":"text"}""");
        var body = new JsonObject { ["token"] = (string)started!["token"]! }.ToJsonString();
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => CallAsync(HttpMethod.Post, "keys/pairing/claim", user, body)));
        Assert.Equal("""{"ivB64u":"iv","ciphertextB64u":"text"}""", Assert.Single(answers, static answer => answer.Status == 200).Body!.ToJsonString());
        Assert.Equal(9, answers.Count(static answer => answer.Status == 404));
    }

    [Fact]
    public async Task What_is_no_key_is_not_registered()
    {
        var user = await fixture.NewUserAsync("user");
        var key = TestDeviceKey.New();
        var other = TestDeviceKey.New();
        foreach (var refused in new[]
        {
            "\"text\"",
            "{}",
            $$"""{"kty":"EC","crv":"P-256","x":"{{key.X}}"}""",
            $$"""{"kty":"EC","crv":"P-256","x":"{{key.X}}","y":"{{other.Y}}"}""",
            $$"""{"kty":"EC","crv":"P-384","x":"{{key.X}}","y":"{{key.Y}}"}""",
            $$"""{"kty":"OKP","crv":"P-256","x":"{{key.X}}","y":"{{key.Y}}"}""",
            $$"""{"kty":"EC","crv":"P-256","x":"{{key.X[..^1]}}","y":"{{key.Y}}"}""",
            $$"""{"kty":"EC","crv":"P-256","x":"{{key.X}}=","y":"{{key.Y}}"}""",
            $$"""{"kty":"EC","crv":"P-256","x":"{{key.X}}","y":"{{key.Y}}","d":"{{key.X}}"}""",
        })
        {
            Assert.Equal(400, (await RegisterAsync(user, "d", refused)).Status);
        }

        foreach (var member in new[] { "d", "p", "q", "dp", "dq", "qi", "oth", "k" })
        {
            var (status, _) = await CallAsync(
                HttpMethod.Post,
                "keys/register",
                user,
                $$$"""{"deviceId":"d","encryptionPublicKeyJwk":{{{key.Json}}},"signingPublicKeyJwk":{"kty":"x","{{{member}}}":"AA"}}""");
            Assert.Equal(400, status);
        }

        Assert.Empty(await DevicesAsync(user));
    }

    [Fact]
    public async Task A_key_is_handed_out_as_all_clients_can_import_it()
    {
        var user = await fixture.NewUserAsync("user");
        var key = TestDeviceKey.New();
        await RegisterAsync(
            user, "d", $$"""{"use":"sig","alg":"none","ext":false,"key_ops":["sign"],"kty":"EC","crv":"P-256","x":"{{key.X}}","y":"{{key.Y}}"}""");
        var device = Assert.Single(await DevicesAsync(user))!;
        Assert.Equal(
            $$"""{"x":"{{key.X}}","y":"{{key.Y}}","crv":"P-256","ext":true,"kty":"EC","key_ops":[]}""", device["encryptionPublicKeyJwk"]!.ToJsonString());
        Assert.Matches("^[A-Za-z0-9_-]{43}$", (string?)device["fingerprint"]);

        // The same key in other words is the same key.
        var told = fixture.Told.Count(line => line.Contains(user.Id, StringComparison.Ordinal));
        await RegisterAsync(user, "d", key.Json);
        Assert.Equal(told, fixture.Told.Count(line => line.Contains(user.Id, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Everybody_is_told_of_what_changes_and_of_nothing_else()
    {
        var user = await fixture.NewUserAsync("user");
        var key = TestDeviceKey.New().Json;
        var line = $$"""keys:changed {"userId":"{{user.Id}}"}""";
        await ExpectAsync(1, () => RegisterAsync(user, "d", key));
        await ExpectAsync(1, () => RegisterAsync(user, "d", key));
        await ExpectAsync(2, () => RegisterAsync(user, "d", TestDeviceKey.New().Json));
        await ExpectAsync(3, () => RegisterAsync(user, "e", key));
        await ExpectAsync(3, () => CallAsync(HttpMethod.Delete, "keys/device/d", user));
        await ExpectAsync(3, () => CallAsync(HttpMethod.Delete, "keys/device/unknown", user));
        await ExpectAsync(4, () => CallAsync(HttpMethod.Delete, "keys/device/e", user));
        await ExpectAsync(5, () => CallAsync(HttpMethod.Delete, "keys/device/d/force", user));
        await ExpectAsync(5, () => CallAsync(HttpMethod.Delete, "keys/device/d/force", user));
        await ExpectAsync(5, () => CallAsync(HttpMethod.Post, "keys/pairing/init", user, """{"deviceId":"d","ivB64u":"AA","ciphertextB64u":"AA"}"""));

        // Each is published before its answer is written.
        async Task ExpectAsync(int count, Func<Task> act)
        {
            await act();
            Assert.Equal(count, fixture.Told.Count(told => told == line));
        }
    }

    [Fact]
    public async Task A_bad_key_among_those_kept_is_left_out_of_the_recipients()
    {
        var user = await fixture.NewUserAsync("user");
        var team = await fixture.NewTeamAsync(user);
        await RegisterAsync(user, "good", TestDeviceKey.New().Json);
        await fixture.Host.Store.Devices.RegisterAsync(
            user.Id, new NewSharingDevice("bad", "\"garbage\"", "f", null, "a"), 2, new("x", "{}"), PeerSyncTestHost.Cancel);
        Assert.Equal(["good", "bad"], (await DevicesAsync(user)).Select(static device => (string)device!["deviceId"]!));
        for (var i = 0; i < 2; i++)
        {
            var (_, answer) = await CallAsync(HttpMethod.Get, $"keys/team/{team}", user);
            Assert.Equal("good", (string?)Assert.Single(answer!["recipients"]!.AsArray())!["deviceId"]);
        }
    }

    [Theory]
    [InlineData("with space", "with%20space")]
    [InlineData("a/b", "a%2Fb")]
    [InlineData("a/b%2Fc", "a%2Fb%252Fc")]
    [InlineData("100%", "100%25")]
    [InlineData("ü€\U0001F600", "%C3%BC%E2%82%AC%F0%9F%98%80")]
    [InlineData("a?b#c", "a%3Fb%23c")]
    [InlineData("a+b", "a%2Bb")]
    [InlineData("a+b", "a+b")]
    public async Task Ids_are_decoded_once(string deviceId, string encoded)
    {
        var user = await fixture.NewUserAsync("user");
        await RegisterAsync(user, "primary", TestDeviceKey.New().Json);
        await RegisterAsync(user, deviceId, TestDeviceKey.New().Json);
        Assert.Equal(2, (await DevicesAsync(user)).Count);
        Assert.Equal(200, (await CallAsync(HttpMethod.Delete, $"keys/device/{encoded}", user)).Status);
        Assert.Equal("primary", (string?)Assert.Single(await DevicesAsync(user))!["deviceId"]);
        await RegisterAsync(user, deviceId, TestDeviceKey.New().Json);
        Assert.Equal(200, (await CallAsync(HttpMethod.Delete, $"keys/device/{encoded}/force", user)).Status);
        Assert.Single(await DevicesAsync(user));
    }

    [Fact]
    public async Task The_readme_s_paths_are_served_too()
    {
        var user = await fixture.NewUserAsync("user");
        foreach (var path in new[] { "/keys/me", "/teams/me", "/keys/team/default", $"{SharingTestHost.Base}/keys/me", $"{SharingTestHost.Base}/teams/me" })
        {
            Assert.Equal(200, (await fixture.Host.AskAsync(HttpMethod.Get, path, user)).Status);
            var (status, body) = await fixture.Host.AskAsync(HttpMethod.Get, path);
            Assert.Equal((401, "Unauthorized"), (status, (string?)body));
        }

        foreach (var path in new[] { "/pairing/init", $"{SharingTestHost.Base}/pairing/init", "/keys/pairing/init" })
        {
            var (status, body) = await fixture.Host.AskAsync(HttpMethod.Post, path, user, """{"deviceId":"d","ivB64u":"AA","ciphertextB64u":"AA"}""");
            Assert.Equal((200, 24), (status, ((string?)body!["token"])!.Length));
        }
    }

    private Task<(int Status, JsonNode? Body)> CallAsync(HttpMethod method, string route, SharingTestUser user, string? json = null) =>
        fixture.Host.CallAsync(method, route, user, json);

    private Task<(int Status, JsonNode? Body)> RegisterAsync(SharingTestUser user, string deviceId, string key) =>
        CallAsync(HttpMethod.Post, "keys/register", user, $$"""{"deviceId":"{{deviceId}}","encryptionPublicKeyJwk":{{key}}}""");

    private async Task<JsonArray> DevicesAsync(SharingTestUser user) => (await CallAsync(HttpMethod.Get, "keys/me", user)).Body!["devices"]!.AsArray();
}
