using System.Net;
using System.Text.Json;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Serving;

public sealed class AdminEndpointTests
{
    private const string AdminToken = "an-admin-token-of-the-tests-with-more-than-32-characters";

    [Theory]
    [InlineData("/admin/status")]
    [InlineData("/admin/connections")]
    public async Task Only_the_admin_listener_serves_them(string path)
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, await GetAsync(new Uri(host.Address, path)));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(new Uri(host.AdminAddress, path)));
    }

    [Fact]
    public async Task A_page_in_a_browser_is_refused()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(new Uri(host.AdminAddress, "/admin/status"), ("Origin", "http://localhost")));
    }

    [Fact]
    public async Task A_configured_token_is_required()
    {
        await using var host = await PeerSyncTestHost.StartAsync($"peersync.admin.token = \"{AdminToken}\"");
        var path = new Uri(host.AdminAddress, "/admin/connections");
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(path));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(path, ("Authorization", "Bearer wrong")));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(path, ("Authorization", AdminToken)));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(path, ("Authorization", $"Bearer {AdminToken}"), ("Origin", "http://localhost")));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(path, ("Authorization", $"Bearer {AdminToken}")));
    }

    [Fact]
    public async Task Connections_are_listed_with_their_users()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var alice = await host.LogInAsync("alice");
        await using var stranger = await host.ConnectAsync();
        using var document = JsonDocument.Parse(await host.Http.GetStringAsync(new Uri(host.AdminAddress, "/admin/connections"), PeerSyncTestHost.Cancel));
        Assert.Equal(2, document.RootElement.GetProperty("total").GetInt32());
        var users = document.RootElement.GetProperty("connections").EnumerateArray().Select(static c => c.GetProperty("user").GetString());
        Assert.Equal([null, "alice"], users.Order());
        Assert.Single(JsonDocument.Parse(await host.Http.GetStringAsync(new Uri(host.AdminAddress, "/admin/connections?limit=1"), PeerSyncTestHost.Cancel))
            .RootElement.GetProperty("connections").EnumerateArray());
    }

    [Fact]
    public async Task The_admin_listener_takes_no_sockets()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var socket = await RawSocket.ConnectAsync(host.AdminAddress);
        await socket.WriteAsync(RawSocket.UpgradeRequest());
        Assert.StartsWith("HTTP/1.1 404 ", await socket.ReadHeadAsync(), StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> GetAsync(Uri address, params (string Name, string Value)[] headers)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await http.SendAsync(request, PeerSyncTestHost.Cancel);
        return response.StatusCode;
    }
}
