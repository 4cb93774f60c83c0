using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using PeerSync.Actors.Calls;
using PeerSync.Protocol.Calls;
using PeerSync.Storage.Calls;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Calls;

/// <summary>The real server on a listener that serves calls alone, with a live side of the test's own.</summary>
internal sealed class CallsTestHost : IAsyncDisposable
{
    internal const string Secret = "a-jwt-secret-of-the-tests-with-more-than-32-bytes";
    internal const string ModeratorKey = "a-moderator-key-of-the-tests-with-32-characters";

    private CallsTestHost(PeerSyncTestHost host, RecordingCallsLive live)
    {
        Server = host;
        Live = live;
    }

    internal PeerSyncTestHost Server { get; }

    internal RecordingCallsLive Live { get; }

    internal HttpClient Http => Server.Http;

    internal CallsTokens Tokens => Server.Get<CallsTokens>();

    internal ICallsDirectory Directory => Server.Server.Store.Calls;

    internal static async Task<CallsTestHost> StartAsync(string settings = "", TimeProvider? time = null)
    {
        var live = new RecordingCallsLive();
        var host = await PeerSyncTestHost.StartAsync(
            $$"""
            peersync {
              listeners = [{ url = "http://127.0.0.1:0", features = [calls] }]
              calls { jwt-secret = {{Secret}}, moderator-key = {{ModeratorKey}} }
              turn { host = turn.example.test, shared-secret = a-turn-secret-of-the-tests-with-32-characters }
            }
            {{settings}}
            """,
            time,
            configure: services => services.AddSingleton<ICallsLive>(live));
        return new CallsTestHost(host, live);
    }

    /// <summary>Sends a request, with a device's token unless there is none.</summary>
    internal async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? device = null, string? json = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (device is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Tokens.Issue(device));
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

    /// <summary>Sends a request and reads its answer.</summary>
    internal async Task<(int Status, JsonNode? Body)> AskAsync(
        HttpMethod method, string path, string? device = null, string? json = null, params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync(method, path, device, json, headers);
        var text = await response.Content.ReadAsStringAsync(PeerSyncTestHost.Cancel);
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    /// <summary>As <see cref="AskAsync"/>, by a moderator who proves to be one.</summary>
    internal Task<(int Status, JsonNode? Body)> ModerateAsync(HttpMethod method, string path, string? json = null, string device = "mod") =>
        AskAsync(method, path, device, json, ("X-Moderator-Key", ModeratorKey));

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
