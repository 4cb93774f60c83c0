using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using PeerSync.Protocol.Sharing;
using PeerSync.Storage.Sharing;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sharing;

/// <summary>The real server on a listener that serves sharing alone, with users who have logged in.</summary>
internal sealed class SharingTestHost : IAsyncDisposable
{
    internal const string Secret = "a-jwt-secret-of-the-tests-with-more-than-32-bytes";
    internal const string Base = "/osmynt-api-engine";

    private SharingTestHost(PeerSyncTestHost host)
    {
        Server = host;
    }

    internal PeerSyncTestHost Server { get; }

    internal HttpClient Http => Server.Http;

    internal SharingTokens Tokens => Server.Get<SharingTokens>();

    internal SharingStore Store => Server.Server.Store.Sharing;

    /// <summary>Starts a server without limits of requests.</summary>
    /// <param name="settings">HOCON that overrides the defaults.</param>
    /// <param name="time">The clock; the system's by default.</param>
    /// <param name="configure">Registers further services, or replaces some.</param>
    internal static async Task<SharingTestHost> StartAsync(string settings = "", TimeProvider? time = null, Action<IServiceCollection>? configure = null) =>
        new(await PeerSyncTestHost.StartAsync(
            $$"""
            peersync {
              listeners = [{ url = "http://127.0.0.1:0", features = [sharing] }]
              rate-limits.enabled = off
              sharing.jwt-secret = {{Secret}}
            }
            {{settings}}
            """,
            time,
            configure: configure));

    /// <summary>Logs somebody in under a name, at the first time as a new user.</summary>
    internal async Task<SharingTestUser> LogInAsync(string name)
    {
        var (status, body) = await AskAsync(HttpMethod.Post, $"{Base}/auth/dev-login", null, $$"""{"name":"{{name}}"}""");
        Assert.Equal(200, status);
        return new SharingTestUser(
            (string)body!["user"]!["id"]!, name, (string)body["tokens"]!["access"]!, (string)body["tokens"]!["refresh"]!);
    }

    /// <summary>Sends a request, with a user's token unless there is none.</summary>
    internal async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, SharingTestUser? user = null, string? json = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (user is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", user.Access);
        }

        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        return await Http.SendAsync(request, PeerSyncTestHost.Cancel);
    }

    /// <summary>Sends a request and reads its answer: JSON as such, plain text as a JSON string.</summary>
    internal async Task<(int Status, JsonNode? Body)> AskAsync(
        HttpMethod method, string path, SharingTestUser? user = null, string? json = null, params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync(method, path, user, json, headers);
        var text = await response.Content.ReadAsStringAsync(PeerSyncTestHost.Cancel);
        var isJson = response.Content.Headers.ContentType?.MediaType == "application/json";
        return ((int)response.StatusCode, text.Length == 0 ? null : isJson ? JsonNode.Parse(text) : JsonValue.Create(text));
    }

    /// <summary>Calls a protected route: <c>keys/me</c>.</summary>
    internal Task<(int Status, JsonNode? Body)> CallAsync(HttpMethod method, string route, SharingTestUser? user, string? json = null) =>
        AskAsync(method, $"{Base}/protected/{route}", user, json);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>Somebody who has logged in.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="Name">The user's name.</param>
/// <param name="Access">The access token.</param>
/// <param name="Refresh">The refresh token.</param>
internal sealed record SharingTestUser(string Id, string Name, string Access, string Refresh);
