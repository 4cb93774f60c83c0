using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PeerSync.Host.Configuration;
using PeerSync.Host.Serving;
using PeerSync.Protocol.Identity;

namespace PeerSync.Tests.TestKit;

/// <summary>The real server on free loopback ports, with its own data folder and a Supabase issuer whose secret the tests know.</summary>
/// <remarks>A test that ends while the server has logged an error fails, unless it says that it expects one.</remarks>
internal sealed class PeerSyncTestHost : IAsyncDisposable
{
    internal const string Secret = "a-secret-of-the-tests-with-more-than-thirty-two-bytes";

    private readonly RecordingLoggerProvider _log;
    private readonly string _folder;

    private PeerSyncTestHost(PeerSyncServer server, RecordingLoggerProvider log, string folder, string supabaseUrl, TimeProvider time)
    {
        Server = server;
        _log = log;
        _folder = folder;
        SupabaseUrl = supabaseUrl;
        Time = time;
        Address = server.Addresses[0];
        AdminAddress = server.Addresses[^1];
        Http = new HttpClient { BaseAddress = Address };
    }

    internal PeerSyncServer Server { get; }

    internal Uri Address { get; }

    internal Uri AdminAddress { get; }

    internal HttpClient Http { get; }

    internal TimeProvider Time { get; }

    internal string SupabaseUrl { get; }

    /// <summary>Set by tests that provoke an error log on purpose.</summary>
    internal bool ExpectsErrors { get; set; }

    internal IReadOnlyList<string> Errors => _log.Errors;

    internal static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Starts a server.</summary>
    /// <param name="settings">HOCON that overrides the test defaults.</param>
    /// <param name="time">The clock; the system's by default.</param>
    /// <param name="supabaseUrl">Where the key set is published; nowhere by default.</param>
    /// <param name="configure">Registers further services, or replaces some.</param>
    /// <param name="logLevel">What is recorded; a test that measures memory records little.</param>
    internal static async Task<PeerSyncTestHost> StartAsync(
        string settings = "",
        TimeProvider? time = null,
        string supabaseUrl = "http://127.0.0.1:9",
        Action<IServiceCollection>? configure = null,
        LogLevel logLevel = LogLevel.Debug)
    {
        var folder = Directory.CreateTempSubdirectory("peersync-test-").FullName;
        var text = $$"""
            peersync {
              environment = development
              data-directory = "{{folder}}"
              bind-address = "127.0.0.1"
              port = 0
              signaling-port = 0
              admin.url = "http://127.0.0.1:0"
              identity.supabase { url = "{{supabaseUrl}}", jwt-secret = "{{Secret}}" }
              trusted-proxies = ["127.0.0.1"]
              sharing.resp.port = 0
              shutdown { timeout = 5s, spread = 0s }
            }
            {{settings}}
            """;
        var configuration = PeerSyncConfiguration.LoadText(text, new Dictionary<string, string>());
        Assert.True(configuration.IsValid, string.Join(Environment.NewLine, configuration.Faults));
        var log = new RecordingLoggerProvider();
        var clock = time ?? TimeProvider.System;

        // Meters are found by name in the whole process, so each server has its own name.
        var server = await PeerSyncServer.StartAsync(
            configuration.Options!,
            clock,
            builder => builder.AddProvider(log).SetMinimumLevel(logLevel),
            Cancel,
            $"PeerSync.Tests.{Guid.NewGuid():N}",
            configure);
        return new PeerSyncTestHost(server, log, folder, supabaseUrl, clock);
    }

    /// <summary>A token as Supabase would issue it for a user.</summary>
    /// <param name="userId">The subject.</param>
    /// <param name="name">The full name; null leaves it out.</param>
    /// <param name="email">The address; by default made of the user id.</param>
    /// <param name="lifetime">Until it expires; an hour by default.</param>
    internal string Token(string userId, string? name = null, string? email = null, TimeSpan? lifetime = null) =>
        TokenWriter.Write(SigningKey.Hs256(Encoding.UTF8.GetBytes(Secret)), json =>
        {
            json.WriteString("iss", SupabaseUrl + "/auth/v1");
            json.WriteString("aud", "authenticated");
            json.WriteString("sub", userId);
            json.WriteString("role", "authenticated");
            json.WriteNumber("exp", (Time.GetUtcNow() + (lifetime ?? TimeSpan.FromHours(1))).ToUnixTimeSeconds());
            json.WriteString("email", email ?? $"{userId}@example.test");
            if (name is not null)
            {
                json.WriteStartObject("user_metadata");
                json.WriteString("full_name", name);
                json.WriteEndObject();
            }
        });

    /// <summary>Opens a socket on <c>/ws</c>.</summary>
    internal Task<SocketClient> ConnectAsync(
        string path = "/ws", Action<System.Net.WebSockets.ClientWebSocketOptions>? configure = null, bool answerPings = true) =>
        SocketClient.ConnectAsync(Address, path, configure, answerPings);

    /// <summary>Opens a socket and logs it in.</summary>
    internal async Task<SocketClient> LogInAsync(string userId, string? name = null)
    {
        var client = await ConnectAsync();
        await client.SendAsync($$$"""{"event":"AUTH","data":{"token":"{{{Token(userId, name)}}}"}}""");
        await client.ExpectAsync("AUTH_SUCCESS");
        return client;
    }

    /// <summary>Opens a socket, logs it in and registers it.</summary>
    internal async Task<SocketClient> RegisterAsync(string userId, string? name = null)
    {
        var client = await LogInAsync(userId, name);
        await client.SendAsync("""{"event":"PEER_REGISTER","data":{"ide":"vscode","role":"guest"}}""");
        await client.ExpectAsync("PEER_REGISTERED");
        return client;
    }

    /// <summary>Calls the REST interface as a user.</summary>
    internal async Task<HttpResponseMessage> CallAsync(HttpMethod method, string path, string userId, string? json = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token(userId));
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        return await Http.SendAsync(request, Cancel);
    }

    /// <summary>Makes a network with this user as its only member.</summary>
    /// <returns>The invite code.</returns>
    internal async Task<string> CreateNetworkAsync(string userId)
    {
        using var response = await CallAsync(HttpMethod.Post, "/api/v1/network", userId);
        Assert.Equal(System.Net.HttpStatusCode.Created, response.StatusCode);
        using var body = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel));
        return body.RootElement.GetProperty("inviteCode").GetString()!;
    }

    internal async Task JoinNetworkAsync(string userId, string inviteCode)
    {
        using var response = await CallAsync(HttpMethod.Post, "/api/v1/network/join", userId, $$"""{"inviteCode":"{{inviteCode}}"}""");
        Assert.Equal(System.Net.HttpStatusCode.Created, response.StatusCode);
    }

    internal T Get<T>()
        where T : notnull => Server.Services.GetRequiredService<T>();

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        if (!ExpectsErrors && _log.Errors.Count > 0)
        {
            Assert.Fail("The server logged errors:" + Environment.NewLine + string.Join(Environment.NewLine, _log.Errors));
        }
    }
}
