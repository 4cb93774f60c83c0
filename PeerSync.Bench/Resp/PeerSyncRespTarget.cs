using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Resp;

/// <summary>PeerSync itself, as an operator starts it, with the rate limits lifted. An event is a device that changes its key, with its commit.</summary>
internal sealed class PeerSyncRespTarget(DotNetSettings settings, string path) : RespTarget
{
    public override string Name => "peersync";

    public override string Title => "PeerSync";

    public override string Password { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    public override Task<string?> PrepareAsync(CancellationToken cancellationToken) =>
        Task.FromResult(File.Exists(path) ? null : $"{path} does not exist; name the server with --server");

    public override Task<ServerProcess> StartAsync(CancellationToken cancellationToken)
    {
        RespPort = ServerProcess.FreePort();
        return PeerSyncServer.StartAsync(
            path,
            PeerSyncServer.CreateDataFolder(),
            ownsData: true,
            settings,
            new Dictionary<string, string>
            {
                ["RESP_PORT"] = RespPort.ToString(CultureInfo.InvariantCulture),
                ["RESP_PASSWORD"] = Password,
                ["SHARING_DEV_LOGIN"] = "on",
            },
            cancellationToken);
    }

    public override async Task<IRespPublisher> OpenPublisherAsync(ServerProcess server, CancellationToken cancellationToken)
    {
        var http = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{server.Port}/osmynt-api-engine/")) };
        try
        {
            using var answer = await http.PostAsJsonAsync("auth/dev-login", new { name = "bench" }, cancellationToken);
            answer.EnsureSuccessStatusCode();
            var login = await answer.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string?)login?["tokens"]?["access"]);
            return new Publisher(http);
        }
        catch
        {
            http.Dispose();
            throw;
        }
    }

    private sealed class Publisher(HttpClient http) : IRespPublisher
    {
        // Each differs from the one before, so each is an event.
        private readonly string[] _registrations = [Registration(), Registration()];
        private int _next;

        public async Task PublishAsync(CancellationToken cancellationToken)
        {
            using var content = new StringContent(_registrations[_next++ & 1], System.Text.Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync("protected/keys/register", content, cancellationToken);
            answer.EnsureSuccessStatusCode();
        }

        public ValueTask DisposeAsync()
        {
            http.Dispose();
            return ValueTask.CompletedTask;
        }

        private static string Registration()
        {
            using var key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
            var point = key.ExportParameters(includePrivateParameters: false).Q;
            return JsonSerializer.Serialize(new
            {
                deviceId = "bench",
                encryptionPublicKeyJwk = new { kty = "EC", crv = "P-256", x = Text(point.X), y = Text(point.Y) },
            });
        }

        private static string Text(byte[]? coordinate) => System.Buffers.Text.Base64Url.EncodeToString(coordinate);
    }
}
