using System.Net;
using PeerSync.Tests.Metrics;
using PeerSync.Tests.Rooms;
using PeerSync.Tests.Sync;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Serving;

public sealed class ServedMetricsTests
{
    [Fact]
    public async Task The_whole_server_shows_what_it_does()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var alice = await host.RegisterAsync("alice");
        await using var bob = await host.LogInAsync("bob");
        await using var eve = await host.ConnectAsync();
        await eve.SendAsync("""{"event":"AUTH","data":{"token":"nonsense"}}""");
        await eve.ExpectAsync("AUTH_FAILED");
        await eve.WaitForCloseAsync();

        var page = await ScrapeAsync(host);
        var peers = ("feature", "peers");
        Assert.Equal(2, page.Value("peersync_connections_open", peers, ("state", "authenticated")));
        Assert.Equal("gauge", page.TypeOf("peersync_connections_open"));
        Assert.Equal(3, page.Value("peersync_connections_accepted_total", peers));
        Assert.Equal(4, page.Value("peersync_messages_received_total", peers));
        Assert.InRange(page.Value("peersync_messages_sent_total", peers), 4, 5);
        Assert.Equal(1, page.Value("peersync_peers_online", peers));
        Assert.Equal("gauge", page.TypeOf("peersync_peers_online"));
        Assert.Equal(0, page.Value("peersync_sessions_open", peers));
        Assert.Equal(0, page.Value("peersync_requests_pending", peers));
        Assert.Equal(0, page.Value("peersync_messages_relayed_total", peers));
        Assert.Equal("counter", page.TypeOf("peersync_presence_deliveries_total"));
        Assert.Equal(2, page.Value("peersync_authentications_total", ("surface", "socket"), ("outcome", "valid")));
        Assert.Equal(1, page.Value("peersync_authentications_total", ("surface", "socket"), ("outcome", "invalid")));
        Assert.InRange(page.Value("process_resident_memory_bytes"), 1 << 20, double.MaxValue);
        Assert.InRange(page.Value("process_cpu_seconds_total"), 0.001, double.MaxValue);
    }

    [Fact]
    public async Task Rooms_count_by_form_and_type()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var alice = await RoomsClient.EnterLeanAsync(host, "r", "alice");
        await using var bob = await RoomsClient.EnterLeanAsync(host, "r", "bob");
        await alice.ExpectTypeAsync("peerJoined");
        await bob.SendAsync("""{"type":"chat","roomId":"r","from":"bob","data":{"text":"x"}}""");
        await bob.ExpectTypeAsync("chat");
        await alice.ExpectTypeAsync("chat");
        await using var carol = await RoomsClient.AuthenticateReadmeAsync(host, "s", "carol");
        await carol.SendAsync("""{"type":"auth","userId":"carol","roomId":"r","data":{"token":"no token"}}""");
        await carol.ExpectErrorAsync("Invalid or expired token");
        await using var nobody = await RoomsClient.ConnectAsync(host);
        await nobody.SendAsync("""{"type":"heartbeat"}""");
        await nobody.ExpectErrorAsync("Not authenticated");
        (await host.Http.PostAsync("/api/rooms", new StringContent("""{"room_id":"idle"}""", null, "application/json"), PeerSyncTestHost.Cancel)).Dispose();

        var page = await ScrapeAsync(host);
        Assert.Equal(2, page.Value("octate_connections", ("dialect", "A")));
        Assert.Equal(1, page.Value("octate_connections", ("dialect", "E")));
        Assert.Equal(1, page.Value("octate_connections", ("dialect", "undecided")));
        Assert.Equal(1, page.Value("octate_rooms", ("state", "active")));
        Assert.Equal(1, page.Value("octate_rooms", ("state", "idle")));
        Assert.Equal(2, page.Value("octate_members"));
        Assert.Equal(2, page.Value("octate_messages_total", ("dialect", "A"), ("type", "Auth"), ("direction", "in")));
        Assert.Equal(1, page.Value("octate_messages_total", ("dialect", "A"), ("type", "Chat"), ("direction", "in")));
        Assert.Equal(2, page.Value("octate_messages_total", ("dialect", "A"), ("type", "Chat"), ("direction", "out")));
        Assert.Equal(1, page.Value("octate_errors_total", ("code", "TOKEN_INVALID")));
        Assert.Equal(1, page.Value("octate_errors_total", ("code", "NOT_AUTHENTICATED")));
        Assert.Equal(1, page.Value("octate_tokens_issued_total"));
        Assert.Equal(0, page.Value("octate_overloaded"));
        Assert.Equal(1, page.Value("peersync_authentications_total", ("surface", "room"), ("outcome", "valid")));
        Assert.Equal(1, page.Value("peersync_authentications_total", ("surface", "room"), ("outcome", "invalid")));
    }

    [Fact]
    public async Task Sync_counts_under_the_names_that_its_dashboards_know()
    {
        await using var host = await PeerSyncTestHost.StartAsync("peersync.sync.build { version = 1.2.3, commit = abc }");
        var identity = new SyncIdentity();
        await using var laptop = await SyncClient.LogInAsync(host, identity);
        await using var phone = await SyncClient.LogInAsync(host, identity);
        await laptop.ExpectPresenceAsync(phone.DeviceId, online: true);
        var id = await laptop.SendEventAsync(1);
        await laptop.ExpectAckAsync(1);
        await laptop.SendEventAsync(1, eventId: id);
        await laptop.ExpectAckAsync(1);
        await phone.ExpectEventAsync(id);
        await using var stranger = await SyncClient.ConnectAsync(host, identity);
        await stranger.SendAuthAsync(await stranger.SayHelloAsync(), signer: new SyncIdentity());
        await stranger.ExpectCloseAsync(1008, "Invalid client signature");
        await phone.CloseAsync();
        await laptop.ExpectPresenceAsync(phone.DeviceId, online: false);

        var page = await ScrapeAsync(host);
        Assert.Equal(1, page.Value("pocketbridge_info", ("version", "1.2.3"), ("commit", "abc"), ("branch", ""), ("build_time", "")));
        Assert.Equal(1, page.Value("pocketbridge_devices_active"));
        Assert.Equal(1, page.Value("pocketbridge_users_active"));
        Assert.Equal(1, page.Value("pocketbridge_websocket_connections_active"));
        Assert.Equal(2, page.Value("pocketbridge_websocket_connections_total", ("status", "connected")));
        Assert.Equal(1, page.Value("pocketbridge_websocket_connections_total", ("status", "disconnected")));
        Assert.Equal(2, page.Value("pocketbridge_websocket_handshakes_total", ("status", "success")));
        Assert.Equal(1, page.Value("pocketbridge_websocket_handshakes_total", ("status", "failed")));
        Assert.Equal(1, page.Value("pocketbridge_events_processed_total", ("status", "stored")));
        Assert.Equal(1, page.Value("pocketbridge_events_processed_total", ("status", "duplicate")));
        Assert.Equal(1, page.Value("pocketbridge_events_relayed_total", ("way", "live")));
        Assert.Equal(0, page.Value("pocketbridge_data_retention_devices_deleted_total"));
        Assert.Equal(1, page.Value("peersync_journal_events_total"));
    }

    [Fact]
    public async Task Servers_in_one_process_do_not_count_each_others_clients()
    {
        await using var one = await PeerSyncTestHost.StartAsync();
        await using var other = await PeerSyncTestHost.StartAsync();
        await using var alice = await one.RegisterAsync("alice");

        Assert.Equal(1, (await ScrapeAsync(one)).Value("peersync_peers_online", ("feature", "peers")));
        Assert.Equal(0, (await ScrapeAsync(other)).Value("peersync_peers_online", ("feature", "peers")));
    }

    private static async Task<PrometheusPage> ScrapeAsync(PeerSyncTestHost host)
    {
        using var response = await host.Http.GetAsync("/metrics", PeerSyncTestHost.Cancel);
        Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync(PeerSyncTestHost.Cancel) + string.Join('\n', host.Errors));
        return await PrometheusPage.ReadAsync(response);
    }
}
