using System.Net;
using PeerSync.Host.Sockets;
using PeerSync.Protocol.WebSockets;
using PeerSync.Tests.Sockets;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Serving;

public sealed class DrainTests
{
    [Fact]
    public async Task Clients_are_told_to_come_back()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var alice = await host.RegisterAsync("alice");
        await using var stranger = await host.ConnectAsync();

        await host.Server.StopAsync(PeerSyncTestHost.Cancel).WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(WebSocketCloseCode.GoingAway, (await alice.WaitForCloseAsync()).Code);
        Assert.Equal(WebSocketCloseCode.GoingAway, (await stranger.WaitForCloseAsync()).Code);
    }

    [Fact]
    public async Task While_a_client_lingers_nobody_new_is_let_in_and_the_deadline_ends_it()
    {
        await using var host = await PeerSyncTestHost.StartAsync("peersync.shutdown.timeout = 4s\npeersync.websocket.close-timeout = 30s");
        await using var deaf = await RawSocket.OpenAsync(host.Address);
        using (var ready = await host.Http.GetAsync("/health/ready", PeerSyncTestHost.Cancel))
        {
            Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        }

        var stopping = host.Server.StopAsync(PeerSyncTestHost.Cancel);
        await deaf.ExpectCloseAsync(WebSocketCloseCode.GoingAway, answer: false);
        using (var ready = await host.Http.GetAsync("/health/ready", PeerSyncTestHost.Cancel))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        }

        await using (var late = await RawSocket.ConnectAsync(host.Address))
        {
            await late.WriteAsync(RawSocket.UpgradeRequest());
            Assert.StartsWith("HTTP/1.1 503 ", await late.ReadHeadAsync(), StringComparison.Ordinal);
        }

        await stopping.WaitAsync(TimeSpan.FromSeconds(10));
        await deaf.ExpectEndAsync();
    }

    [Fact]
    public async Task The_close_frames_are_spread()
    {
        await using var harness = new SocketHarness(new SocketOptions { HeartbeatInterval = TimeSpan.FromHours(1) });
        var clients = new List<RawSocket>();
        for (var i = 0; i < 40; i++)
        {
            clients.Add(await harness.ConnectLoggedInAsync());
        }

        var draining = harness.Server.DrainAsync(TimeSpan.FromSeconds(2), PeerSyncTestHost.Cancel);
        for (var step = 0; step < 20; step++)
        {
            await harness.Time.WaitForTimerAsync(TimeSpan.FromMilliseconds(100));
            Assert.False(draining.IsCompleted);
            harness.Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        foreach (var client in clients)
        {
            await client.ExpectCloseAsync(WebSocketCloseCode.GoingAway);
        }

        await draining.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(0, harness.Server.Connections.Count);
    }
}
