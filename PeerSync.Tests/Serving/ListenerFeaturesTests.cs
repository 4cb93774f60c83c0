using System.Net;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Serving;

/// <summary>Listeners that name features serve those alone (docs/spec/routing.md, rule 3).</summary>
public sealed class ListenerFeaturesTests
{
    private const string Listeners =
        """peersync.listeners = [{ url = "http://127.0.0.1:0", features = [peers] }, { url = "http://127.0.0.1:0", features = [sync] }]""";

    [Theory]
    [InlineData(0, "/api/v1/network", HttpStatusCode.Unauthorized)]
    [InlineData(1, "/api/v1/network", HttpStatusCode.NotFound)]
    [InlineData(0, "/api/devices", HttpStatusCode.NotFound)]
    [InlineData(1, "/api/devices", HttpStatusCode.Unauthorized)]
    [InlineData(0, "/health", HttpStatusCode.OK)]
    [InlineData(1, "/health", HttpStatusCode.OK)]
    public async Task RoutesAreThoseOfTheListener(int listener, string path, HttpStatusCode expected)
    {
        await using var host = await PeerSyncTestHost.StartAsync(Listeners);
        using var response = await host.Http.GetAsync(new Uri(host.Server.Addresses[listener], path), PeerSyncTestHost.Cancel);
        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task SocketsSpeakWhatTheListenerNames()
    {
        await using var host = await PeerSyncTestHost.StartAsync(Listeners);
        await using var peers = await SocketClient.ConnectAsync(host.Server.Addresses[0], "/ws");
        await peers.SendAsync("""{"type":"client_hello","payload":{}}""");
        Assert.Contains("ERR_", await peers.ReceiveAsync("the refusal of Peers"), StringComparison.Ordinal);
        await using var sync = await SocketClient.ConnectAsync(host.Server.Addresses[1], "/ws");
        await sync.SendAsync($$$"""{"event":"AUTH","data":{"token":"{{{host.Token("alice")}}}"}}""");
        var (code, _) = await sync.WaitForCloseAsync();
        Assert.InRange(code, 1000, 1999);
    }
}
