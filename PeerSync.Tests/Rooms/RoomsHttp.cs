using System.Text;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Rooms;

/// <summary>Calls the routes of the Rooms feature.</summary>
internal static class RoomsHttp
{
    internal const string AdminKey = "the-admin-key-of-the-tests";
    internal const string ApiKey = "the-api-key-of-the-tests";

    /// <summary>A server of this feature alone.</summary>
    internal const string Alone = """peersync { listeners = [{ url = "http://127.0.0.1:0", features = [rooms] }], rate-limits.enabled = off }""";

    /// <summary>The same in production, with everything that it needs there.</summary>
    internal const string Production =
        $$"""
        {{Alone}}
        peersync { environment = production, identity.supabase.url = "https://abc.example" }
        peersync.rooms { auth-secret = "a-secret-for-the-rooms-of-the-tests-long-enough", api-key = "{{ApiKey}}", admin-key = "{{AdminKey}}" }
        """;

    internal static Task<RoomsHttpAnswer> GetAsync(this PeerSyncTestHost host, string path, params (string Name, string Value)[] headers) =>
        host.SendAsync(HttpMethod.Get, path, null, headers);

    internal static Task<RoomsHttpAnswer> PostAsync(this PeerSyncTestHost host, string path, string json, params (string Name, string Value)[] headers) =>
        host.SendAsync(HttpMethod.Post, path, json, headers);

    internal static async Task<RoomsHttpAnswer> SendAsync(
        this PeerSyncTestHost host, HttpMethod method, string path, string? json, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await host.Http.SendAsync(request, PeerSyncTestHost.Cancel);
        var text = await response.Content.ReadAsStringAsync(PeerSyncTestHost.Cancel);
        var all = response.Headers.Concat(response.Content.Headers).ToDictionary(static h => h.Key, static h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        return new RoomsHttpAnswer((int)response.StatusCode, text, all);
    }

    /// <summary>The header that presents a room's token.</summary>
    internal static async Task<(string Name, string Value)> BearerAsync(this PeerSyncTestHost host, string userId, string roomId) =>
        ("Authorization", "Bearer " + await RoomsClient.TokenAsync(host, userId, roomId));
}
