using System.Net;
using System.Text.Json.Nodes;
using PeerSync.Actors.Sync;
using PeerSync.Host.Sync;
using PeerSync.Storage.Sync;
using PeerSync.Tests.Http;
using PeerSync.Tests.TestKit;
using ManualTimeProvider = PeerSync.Tests.TestKit.ManualTimeProvider;

namespace PeerSync.Tests.Sync;

/// <summary>What the recorded exchanges do not show: who may call, what the routes do beside answering, and the flaws that they must not have.</summary>
public sealed class RestEndpointTests
{
    private readonly TestUser _alice = TestUser.New();
    private readonly TestUser _bob = TestUser.New();

    private static CancellationToken Cancel => PeerSyncTestHost.Cancel;

    [Theory]
    [InlineData("GET", "/devices")]
    [InlineData("GET", "/devices/be60a802-d667-4405-b489-598e74dee8b8")]
    [InlineData("DELETE", "/devices/be60a802-d667-4405-b489-598e74dee8b8")]
    [InlineData("POST", "/devices/be60a802-d667-4405-b489-598e74dee8b8/rename")]
    [InlineData("GET", "/presence")]
    [InlineData("GET", "/connection-status?deviceId=x")]
    [InlineData("GET", "/user/profile")]
    [InlineData("DELETE", "/user")]
    [InlineData("GET", "/events/files")]
    [InlineData("POST", "/auth/token")]
    [InlineData("POST", "/auth/refresh")]
    [InlineData("GET", "/auth/verify")]
    [InlineData("POST", "/devices")]
    public async Task A_public_key_alone_opens_nothing(string method, string path)
    {
        await using var host = await RestTestHost.StartAsync();
        host.Opened(_alice, "192.0.2.7");
        foreach (var prefix in (string[])["/api", "/api/v1"])
        {
            using var response = await host.SendAsync(new HttpMethod(method), prefix + path, _alice);
            var body = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!;
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("SESSION_REQUIRED", body["code"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task A_session_counts_for_its_address_and_for_a_day()
    {
        var time = new ManualTimeProvider();
        await using var host = await RestTestHost.StartAsync(time: time);
        host.Opened(_alice, "192.0.2.7");

        async Task<HttpStatusCode> StatusAsync(string address)
        {
            using var response = await host.SendAsync(HttpMethod.Get, "/api/devices", _alice, null, ("X-Forwarded-For", address));
            return response.StatusCode;
        }

        Assert.Equal(HttpStatusCode.OK, await StatusAsync("192.0.2.7"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("192.0.2.8"));
        time.Advance(TimeSpan.FromHours(24));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("192.0.2.7"));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("192.0.2.7"));
    }

    [Fact]
    public async Task A_token_that_a_session_got_works_from_anywhere_and_is_renewed()
    {
        await using var host = await RestTestHost.StartAsync();
        host.Opened(_alice);
        var token = await TextAsync(await host.SendAsync(HttpMethod.Post, "/api/auth/token", _alice), "token");
        (string, string)[] headers = [("Authorization", $"bearer {token}"), ("X-Forwarded-For", "192.0.2.9")];

        using var devices = await host.SendAsync(HttpMethod.Get, "/api/v1/devices", null, null, headers);
        var second = await TextAsync(await host.SendAsync(HttpMethod.Post, "/api/v1/auth/refresh", null, null, headers), "token");
        using var verified = await host.SendAsync(HttpMethod.Get, "/api/v1/auth/verify", null, null, ("Authorization", $"Bearer {second}"));
        using var mixed = await host.SendAsync(HttpMethod.Post, "/api/auth/token", _bob, null, ("Authorization", $"Bearer {second}"));

        Assert.Equal(HttpStatusCode.OK, devices.StatusCode);
        Assert.NotEqual(token, second);
        Assert.True(JsonNode.Parse(await verified.Content.ReadAsStringAsync(Cancel))!["valid"]!.GetValue<bool>());
        Assert.Equal(HttpStatusCode.Forbidden, mixed.StatusCode);
    }

    [Fact]
    public async Task A_user_id_is_the_same_in_either_case()
    {
        await using var host = await RestTestHost.StartAsync();
        await host.ConnectAsync(_alice, Guid.NewGuid(), "Laptop");

        using var response = await host.SendAsync(HttpMethod.Get, "/api/devices", null, null, ("X-User-ID", _alice.Id.ToUpperInvariant()));

        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!;
        Assert.Equal((1, _alice.Id), (body["count"]!.GetValue<int>(), body["user_id"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Shared_paths_stay_those_of_the_other_products_clients()
    {
        await using var host = await RestTestHost.StartAsync();
        using var peers = await host.SendAsync(HttpMethod.Get, "/api/v1/auth/verify", null, null, ("Authorization", "Bearer eyJhbGciOiJIUzI1NiJ9.e30.AA"));
        using var nobody = await host.SendAsync(HttpMethod.Get, "/api/v1/auth/verify");
        using var unknown = await host.SendAsync(HttpMethod.Get, "/api/v1/nothing", _alice);
        using var network = await host.SendAsync(HttpMethod.Get, "/api/v1/network");

        const string Envelope = """{"message":"Authentication token is invalid","error":"Unauthorized","statusCode":401}""";
        await HttpAssert.JsonAsync(peers, HttpStatusCode.Unauthorized, Envelope);
        await HttpAssert.JsonAsync(nobody, HttpStatusCode.Unauthorized, Envelope);
        await HttpAssert.NoRouteAsync(unknown, "GET", "/api/v1/nothing");
        Assert.False(network.Headers.Contains("X-API-Version"));
        Assert.False(network.Headers.Contains("RateLimit-Limit"));
        Assert.True(peers.Headers.Contains("X-API-Version"));
    }

    [Fact]
    public async Task Methods_that_a_route_lacks_are_not_found()
    {
        await using var host = await RestTestHost.StartAsync();
        host.Opened(_alice);

        using var put = await host.SendAsync(HttpMethod.Put, "/api/v1/devices", _alice);
        using var head = await host.SendAsync(HttpMethod.Head, "/api/v1/devices", _alice);
        using var version = await host.SendAsync(HttpMethod.Get, "/api/v2/whatever/else");

        await HttpAssert.JsonAsync(put, HttpStatusCode.NotFound, """{"error":"Not found","code":"NOT_FOUND","path":"/api/v1/devices"}""");
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        await HttpAssert.JsonAsync(
            version, HttpStatusCode.BadRequest, """{"error":"Unsupported API version","supportedVersions":["v1"],"requestedVersion":"v2"}""");
    }

    [Fact]
    public async Task Answers_carry_the_headers_and_a_request_id_that_cannot_break_out()
    {
        await using var host = await RestTestHost.StartAsync();
        using var own = await host.SendAsync(HttpMethod.Get, "/api/devices", null, null, ("X-Request-ID", "my-id"));
        using var made = await host.SendAsync(HttpMethod.Get, "/api/devices", null, null, ("X-Request-ID", new string('x', 129)));

        Assert.Equal("my-id", own.Headers.GetValues("X-Request-ID").Single());
        Assert.True(Guid.TryParse(made.Headers.GetValues("X-Request-ID").Single(), out _));
        Assert.Equal("v1", own.Headers.GetValues("X-API-Version").Single());
        Assert.Equal("nosniff", own.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("DENY", own.Headers.GetValues("X-Frame-Options").Single());
        Assert.Equal("1; mode=block", own.Headers.GetValues("X-XSS-Protection").Single());
        Assert.Equal("max-age=15552000; includeSubDomains", own.Headers.GetValues("Strict-Transport-Security").Single());
    }

    [Fact]
    public async Task Listed_origins_may_read_and_others_are_treated_as_anybody()
    {
        await using var host = await RestTestHost.StartAsync("peersync { cors.origins = [\"https://app.example.com\"], sync.cors-credentials = on }");
        host.Opened(_alice);

        using var slash = await host.SendAsync(HttpMethod.Get, "/api/presence", _alice, null, ("Origin", "https://app.example.com/"));
        using var evil = await host.SendAsync(HttpMethod.Get, "/api/presence", _alice, null, ("Origin", "https://evil.example.com"));
        using var preflight = await host.SendAsync(HttpMethod.Options, "/api/devices/x/rename", null, null, ("Origin", "https://app.example.com"));
        using var refused = await host.SendAsync(HttpMethod.Options, "/api/devices", null, null, ("Origin", "https://evil.example.com"));

        Assert.Equal("https://app.example.com/", slash.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("true", slash.Headers.GetValues("Access-Control-Allow-Credentials").Single());
        Assert.Equal(HttpStatusCode.OK, evil.StatusCode);
        Assert.False(evil.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Equal("Origin", evil.Headers.Vary.Single());
        Assert.Equal(HttpStatusCode.OK, preflight.StatusCode);
        Assert.Contains("X-User-ID", preflight.Headers.GetValues("Access-Control-Allow-Headers").Single(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task Removing_a_device_revokes_it_and_closes_its_socket()
    {
        await using var host = await RestTestHost.StartAsync();
        var device = await host.ConnectAsync(_alice, Guid.NewGuid(), "Phone");

        using var removed = await host.SendAsync(HttpMethod.Delete, $"/api/devices/{device.DeviceId}", _alice);

        Assert.Equal(HttpStatusCode.OK, removed.StatusCode);
        Assert.Equal([(device.DeviceId, _alice.Id, SyncDisconnect.Removed)], host.Devices.Disconnected);
        Assert.Equal(SyncLoginStatus.Revoked, (await host.Directory.LogInAsync(device.DeviceId, _alice.Id, null, null, Cancel)).Status);
        Assert.Equal("Device has been removed by user", (await host.Directory.ListRevocationsAsync(_alice.Id, Cancel)).Single().Reason);
    }

    [Fact]
    public async Task Revoking_reaches_the_socket_of_the_user_who_has_the_device()
    {
        await using var host = await RestTestHost.StartAsync();
        var device = await host.ConnectAsync(_alice, Guid.NewGuid(), "Phone");
        var json = $$"""{"deviceId":"{{device.DeviceId}}","userId":"{{_bob.Id.ToUpperInvariant()}}","reason":"lost","revokedBy":"me"}""";

        using var revoked = await host.SendAsync(HttpMethod.Post, "/admin/revoke-device", null, json, ("X-Admin-API-Key", RestTestHost.AdminKey));

        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        Assert.Equal([(device.DeviceId, _alice.Id, SyncDisconnect.Revoked)], host.Devices.Disconnected);
        var entry = Assert.Single(await host.Directory.ListRevocationsAsync(_bob.Id, Cancel));
        Assert.Equal(("lost", "me"), (entry.Reason, entry.RevokedBy));
    }

    [Fact]
    public async Task Wrong_admin_keys_are_counted_and_an_open_server_needs_none()
    {
        await using (var host = await RestTestHost.StartAsync())
        {
            for (var i = 0; i < 20; i++)
            {
                using var wrong = await host.SendAsync(HttpMethod.Get, "/admin/revoked-devices", null, null, ("Authorization", "Bearer nope"));
                Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
            }

            using var limited = await host.SendAsync(HttpMethod.Get, "/admin/revoked-devices", null, null, ("X-Admin-API-Key", RestTestHost.AdminKey));
            Assert.Equal(HttpStatusCode.TooManyRequests, limited.StatusCode);
        }

        await using (var open = await RestTestHost.StartAsync("peersync.sync.admin-key = \"\""))
        {
            using var listed = await open.SendAsync(HttpMethod.Get, "/admin/revoked-devices");
            using var bad = await open.SendAsync(HttpMethod.Get, "/admin/revoked-devices?userId=x");
            await HttpAssert.JsonAsync(listed, HttpStatusCode.OK, """{"revoked":[]}""");
            Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        }
    }

    [Fact]
    public async Task Production_closes_the_admin_routes_without_a_key_and_allows_no_origin()
    {
        await using var host = await RestTestHost.StartAsync(
            $$"""
            peersync {
              environment = production
              listeners = [{ url = "http://127.0.0.1:0", features = [sync] }]
              identity.supabase.url = "https://abc.example"
              sync { admin-key = "", server-private-key = {{_bob.SeedHex}} }
            }
            """);
        host.Opened(_alice);
        using var admin = await host.SendAsync(HttpMethod.Get, "/admin/revoked-devices");
        using var devices = await host.SendAsync(HttpMethod.Get, "/api/devices", _alice, null, ("Origin", "http://localhost:3000"));

        await HttpAssert.JsonAsync(
            admin, HttpStatusCode.InternalServerError, """{"error":"Server configuration error: Admin authentication not configured"}""");
        Assert.False(devices.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Equal("max-age=31536000; includeSubDomains", devices.Headers.GetValues("Strict-Transport-Security").Single());
        Assert.Equal(_bob.Id, host.Get<SyncServerKey>().Identity.PublicKeyHex);
    }

    [Fact]
    public async Task An_account_ends_with_its_devices_its_sockets_and_its_events()
    {
        await using var host = await RestTestHost.StartAsync();
        var laptop = await host.ConnectAsync(_alice, Guid.NewGuid(), "Laptop");
        var phone = await host.ConnectAsync(_alice, Guid.NewGuid(), "Phone");
        host.Devices.Events[_alice.Id] = 3;

        using var deleted = await host.SendAsync(HttpMethod.Delete, "/api/user", _alice);
        using var again = await host.SendAsync(HttpMethod.Delete, "/api/user", _alice);
        host.Devices.Events[_alice.Id] = 2;
        using var rest = await host.SendAsync(HttpMethod.Delete, "/api/user", _alice);

        const string Message = "User account and all associated data have been deleted";
        await HttpAssert.JsonAsync(deleted, HttpStatusCode.OK, $$"""{"success":true,"message":"{{Message}}","deleted":{"devices":2,"events":3} }""");
        await HttpAssert.JsonAsync(again, HttpStatusCode.NotFound, """{"error":"User not found"}""");
        await HttpAssert.JsonAsync(rest, HttpStatusCode.OK, $$"""{"success":true,"message":"{{Message}}","deleted":{"devices":0,"events":2} }""");
        Assert.Equal(
            ((Guid[])[laptop.DeviceId, phone.DeviceId]).Order(),
            host.Devices.Disconnected.Where(entry => entry.Kind == SyncDisconnect.AccountDeleted).Select(entry => entry.DeviceId).Order());
    }

    [Fact]
    public async Task Connection_status_tells_of_ones_own_devices_only()
    {
        await using var host = await RestTestHost.StartAsync();
        var device = await host.ConnectAsync(_alice, Guid.NewGuid());
        host.Opened(_bob);

        async Task<bool> ConnectedAsync(TestUser user, string query)
        {
            using var response = await host.SendAsync(HttpMethod.Get, $"/api/connection-status?{query}", user);
            return JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!["connected"]!.GetValue<bool>();
        }

        Assert.True(await ConnectedAsync(_alice, $"deviceId={device.DeviceId.ToString().ToUpperInvariant()}"));
        Assert.True(await ConnectedAsync(_alice, $"userId={_alice.Id}"));
        Assert.False(await ConnectedAsync(_bob, $"deviceId={device.DeviceId}"));
        Assert.False(await ConnectedAsync(_bob, $"userId={_alice.Id}"));
    }

    [Fact]
    public async Task A_failing_database_is_told_in_the_routes_own_words()
    {
        var host = await RestTestHost.StartAsync();
        await using (host)
        {
            host.Opened(_alice);
            host.Devices.Fault = new PeerSync.Storage.StorageUnavailableException("down");
            using var devices = await host.SendAsync(HttpMethod.Get, "/api/devices", _alice);
            using var deleted = await host.SendAsync(HttpMethod.Delete, "/api/user", _alice);

            await HttpAssert.JsonAsync(devices, HttpStatusCode.InternalServerError, """{"error":"Failed to get devices"}""");
            await HttpAssert.JsonAsync(deleted, HttpStatusCode.InternalServerError, """{"error":"Failed to delete user"}""");
        }
    }

    private static async Task<string> TextAsync(HttpResponseMessage response, string member)
    {
        using (response)
        {
            var body = await response.Content.ReadAsStringAsync(Cancel);
            Assert.True(response.IsSuccessStatusCode, body);
            return JsonNode.Parse(body)![member]!.GetValue<string>();
        }
    }
}
