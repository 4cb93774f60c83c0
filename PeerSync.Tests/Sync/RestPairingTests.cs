using System.Net;
using System.Text.Json.Nodes;
using PeerSync.Host.Sync;
using PeerSync.Storage.Sync;
using PeerSync.Tests.Http;
using PeerSync.Tests.TestKit;
using ManualTimeProvider = PeerSync.Tests.TestKit.ManualTimeProvider;

namespace PeerSync.Tests.Sync;

/// <summary>Pairing over HTTP: proof, single use and the limits of guessing.</summary>
public sealed class RestPairingTests
{
    private const string NotFound = """{"error":"Pairing code not found or expired"}""";

    private readonly TestUser _alice = TestUser.New();
    private readonly TestUser _bob = TestUser.New();

    private static CancellationToken Cancel => PeerSyncTestHost.Cancel;

    [Fact]
    public async Task The_body_proves_the_user_without_a_session()
    {
        await using var host = await RestTestHost.StartAsync();
        using var stored = await host.SendAsync(HttpMethod.Post, "/api/v1/pairing/store", _alice, Body(_alice, "123456", name: "\\u00fcber \\\"x\\\""));
        using var found = await host.SendAsync(HttpMethod.Get, "/api/pairing/lookup/123456");

        Assert.Equal(HttpStatusCode.OK, stored.StatusCode);
        Assert.Equal("no-store", found.Headers.CacheControl!.ToString());
        var data = JsonNode.Parse(await found.Content.ReadAsStringAsync(Cancel))!["data"]!;
        Assert.Equal(("\u00fcber \"x\"", _alice.SeedHex), (data["deviceName"]!.GetValue<string>(), data["privateKeyHex"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Nobody_stores_in_anothers_name_or_with_a_key_that_does_not_fit()
    {
        await using var host = await RestTestHost.StartAsync();
        host.Opened(_bob);
        string[] bodies =
        [
            Body(_alice, "123456"),
            Body(_bob with { Seed = _alice.Seed }, "123456"),
            Body(_bob, "123456").Replace($"\"publicKeyHex\":\"{_bob.Id}\"", $"\"publicKeyHex\":\"{_alice.Id}\"", StringComparison.Ordinal),
            Body(_bob, "123456").Replace(_bob.SeedHex, "abc", StringComparison.Ordinal),
        ];
        foreach (var body in bodies)
        {
            using var response = await host.SendAsync(HttpMethod.Post, "/api/pairing/store", _bob, body);
            await HttpAssert.JsonAsync(response, HttpStatusCode.Forbidden, """{"error":"The key pair must be that of the user who stores it"}""");
        }

        using var found = await host.SendAsync(HttpMethod.Get, "/api/pairing/lookup/123456");
        await HttpAssert.JsonAsync(found, HttpStatusCode.NotFound, NotFound);
    }

    [Theory]
    [InlineData("""{"code":"","data":{}}""", "code and data are required")]
    [InlineData("""{"code":"123456"}""", "code and data are required")]
    [InlineData("""{"code":"123456","data":{}}""", "wsUrl, userId, deviceId, publicKeyHex, and privateKeyHex are required")]
    [InlineData("""{"code":"123456","data":"x"}""", "wsUrl, userId, deviceId, publicKeyHex, and privateKeyHex are required")]
    [InlineData("""{"code":123456,"data":{"wsUrl":"x","userId":"x","deviceId":"x","publicKeyHex":"x","privateKeyHex":"x"}}""", "Invalid pairing code format")]
    [InlineData("""{"code":"123456","data":{"wsUrl":"x","userId":"x","deviceId":"x","publicKeyHex":"x","privateKeyHex":"x"}}""", "Invalid pairing data")]
    [InlineData("[]", "code and data are required")]
    public async Task What_is_missing_or_malformed_is_named(string body, string error)
    {
        await using var host = await RestTestHost.StartAsync();
        using var response = await host.SendAsync(HttpMethod.Post, "/api/pairing/store", _alice, body);
        await HttpAssert.JsonAsync(response, HttpStatusCode.BadRequest, $$"""{"error":"{{error}}"}""");
    }

    [Fact]
    public async Task A_revoked_device_cannot_hand_its_identity_on()
    {
        await using var host = await RestTestHost.StartAsync();
        var device = await host.ConnectAsync(_alice, Guid.NewGuid());
        await host.Directory.RevokeAsync(device.DeviceId, _alice.Id, null, null, Cancel);

        using var response = await host.SendAsync(HttpMethod.Post, "/api/pairing/store", _alice, Body(_alice, "123456", device.DeviceId));

        await HttpAssert.JsonAsync(response, HttpStatusCode.Forbidden, """{"error":"Device has been revoked"}""");
    }

    [Fact]
    public async Task Of_parallel_lookups_one_gets_the_record()
    {
        await using var host = await RestTestHost.StartAsync();
        using var stored = await host.SendAsync(HttpMethod.Post, "/api/pairing/store", _alice, Body(_alice, "123456"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.SendAsync(HttpMethod.Get, "/api/pairing/lookup/123456")));

        Assert.Single(answers, static answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.Equal(7, answers.Count(static answer => answer.StatusCode == HttpStatusCode.NotFound));
        foreach (var answer in answers)
        {
            answer.Dispose();
        }
    }

    [Fact]
    public async Task An_address_has_ten_wrong_tries_in_ten_minutes_and_right_ones_do_not_count()
    {
        var time = new ManualTimeProvider();
        await using var host = await RestTestHost.StartAsync(time: time);
        for (var i = 0; i < 10; i++)
        {
            using var stored = await host.SendAsync(HttpMethod.Post, "/api/pairing/store", _alice, Body(_alice, "999999"));
            Assert.Equal(HttpStatusCode.OK, await LookUpAsync(host, "999999"));
            Assert.Equal(HttpStatusCode.NotFound, await LookUpAsync(host, $"00000{i}"));
        }

        using var again = await host.SendAsync(HttpMethod.Post, "/api/pairing/store", _alice, Body(_alice, "999999"));
        using var refused = await host.SendAsync(HttpMethod.Get, "/api/pairing/lookup/999999");
        await HttpAssert.JsonAsync(refused, HttpStatusCode.TooManyRequests, """{"error":"Too many wrong pairing codes, please try again later"}""");
        Assert.Equal(TimeSpan.FromMinutes(10), refused.Headers.RetryAfter!.Delta);
        Assert.Equal(HttpStatusCode.OK, await LookUpAsync(host, "999999", "192.0.2.7"));
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(HttpStatusCode.NotFound, await LookUpAsync(host, "999999"));
    }

    [Fact]
    public async Task All_addresses_together_have_a_limit_too()
    {
        await using var host = await RestTestHost.StartAsync("peersync.sync.failed-lookups { per-address = 2, in-all = 5 }", new ManualTimeProvider());
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.NotFound, await LookUpAsync(host, "000000", $"192.0.2.{i}"));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await LookUpAsync(host, "000000", "192.0.2.99"));
    }

    [Fact]
    public async Task A_code_of_the_socket_pairing_opens_no_record_and_stays_usable()
    {
        await using var host = await RestTestHost.StartAsync();
        var laptop = await host.ConnectAsync(_alice, Guid.NewGuid());
        var phone = await host.ConnectAsync(_bob, Guid.NewGuid());
        var pairings = host.Get<ISyncPairings>();
        var code = await pairings.InitiateAsync(_alice.Id, laptop.DeviceId, Cancel);

        Assert.Equal(HttpStatusCode.NotFound, await LookUpAsync(host, code));
        Assert.Equal(_alice.Id, (await pairings.CompleteAsync(code, phone.DeviceId, Cancel)).LinkedUserId);
    }

    [Theory]
    [InlineData("ws://localhost:3001/ws/", "192.168.1.5", "ws://192.168.1.5:3001/ws")]
    [InlineData("wss://127.0.0.1/ws", "192.168.1.5", "wss://192.168.1.5/ws")]
    [InlineData("ws://LOCALHOST:3001/localhost", "192.168.1.5", "ws://192.168.1.5:3001/localhost")]
    [InlineData("ws://localhost:3001/ws", null, "ws://localhost:3001/ws")]
    [InlineData("wss://sync.example.org/ws/", "192.168.1.5", "wss://sync.example.org/ws")]
    [InlineData("ws://user:pw@localhost:1/ws", "192.168.1.5", "ws://user:pw@192.168.1.5:1/ws")]
    [InlineData("localhost", "192.168.1.5", "localhost")]
    [InlineData("", null, "")]
    public void An_address_of_this_machine_becomes_one_that_others_reach(string address, string? local, string expected) =>
        Assert.Equal(expected, ShareableAddress.Of(address, () => local is null ? null : IPAddress.Parse(local)));

    private static async Task<HttpStatusCode> LookUpAsync(RestTestHost host, string code, string? address = null)
    {
        (string, string)[] headers = address is null ? [] : [("X-Forwarded-For", address)];
        using var response = await host.SendAsync(HttpMethod.Get, $"/api/pairing/lookup/{code}", null, null, headers);
        return response.StatusCode;
    }

    private static string Body(TestUser user, string code, Guid? deviceId = null, string name = "Laptop") =>
        $$"""
        {"code":"{{code}}","data":{"wsUrl":"wss://sync.example.test/ws","userId":"{{user.Id}}","deviceId":"{{deviceId ?? Guid.NewGuid()}}",
         "deviceName":"{{name}}","publicKeyHex":"{{user.Id}}","privateKeyHex":"{{user.SeedHex}}"} }
        """;
}
