using System.Net;
using System.Text;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Rooms;

/// <summary>Pages and the product's editor call from origins of their own.</summary>
public sealed class RoomsCrossOriginTests
{
    [Theory]
    [InlineData("http://localhost:5173", "all")]
    [InlineData("vscode-file://vscode-app", "all")]
    [InlineData("http://localhost:5173", "rooms")]
    [InlineData("vscode-file://vscode-app", "rooms")]
    public async Task APageMayFetchItsToken(string origin, string features)
    {
        await using var host = await PeerSyncTestHost.StartAsync(
            features == "all" ? string.Empty : """peersync.listeners = [{ url = "http://127.0.0.1:0", features = [rooms] }]""");
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/api/auth/token");
        preflight.Headers.Add("Origin", origin);
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add("Access-Control-Request-Headers", "content-type");
        using var allowed = await host.Http.SendAsync(preflight, PeerSyncTestHost.Cancel);
        Assert.True(allowed.IsSuccessStatusCode);
        Assert.Equal([origin], allowed.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.Contains("content-type", string.Join(',', allowed.Headers.GetValues("Access-Control-Allow-Headers")), StringComparison.OrdinalIgnoreCase);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/token");
        request.Headers.Add("Origin", origin);
        request.Content = new StringContent("""{"userId":"u","roomId":"r"}""", Encoding.UTF8, "application/json");
        using var response = await host.Http.SendAsync(request, PeerSyncTestHost.Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([origin], response.Headers.GetValues("Access-Control-Allow-Origin"));
    }
}
