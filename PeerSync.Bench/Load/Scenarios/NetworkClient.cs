using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Load.Scenarios;

/// <summary>The REST calls that bring users into one network.</summary>
internal sealed class NetworkClient : IDisposable
{
    private const int Concurrency = 16;
    private readonly HttpClient _http;

    public NetworkClient(ServerProcess server)
    {
        _http = new HttpClient
        {
            BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{server.Port}/api/v1/network")),
            Timeout = TimeSpan.FromSeconds(30),
        };
    }

    /// <summary>The first user creates a network; all others join it.</summary>
    public async Task GatherAsync(IReadOnlyList<string> tokens, CancellationToken cancellationToken)
    {
        using var created = await PostAsync("network", tokens[0], body: null, cancellationToken);
        var network = await created.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        var body = "{\"inviteCode\":\"" + SentMessage.Text(network, "inviteCode") + "\"}";
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(tokens.Skip(1), parallel, async (token, cancel) =>
        {
            using var joined = await PostAsync("network/join", token, body, cancel);
        });
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> PostAsync(string path, string token, string? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        var answer = await _http.SendAsync(request, cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            using (answer)
            {
                var text = await answer.Content.ReadAsStringAsync(cancellationToken);
                throw new InvalidDataException($"POST {path}: {(int)answer.StatusCode} {text}");
            }
        }

        return answer;
    }
}
