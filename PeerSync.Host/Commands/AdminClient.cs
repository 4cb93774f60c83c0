using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PeerSync.Host.Configuration;

namespace PeerSync.Host.Commands;

/// <summary>Asks a running node on its admin listener.</summary>
internal sealed class AdminClient : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http;

    private AdminClient(Uri address, Secret token)
    {
        _http = new HttpClient { BaseAddress = address, Timeout = Timeout };
        if (!token.IsEmpty)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
        }
    }

    /// <summary>A client for the node that the configuration describes; null where it has no admin listener.</summary>
    internal static AdminClient? For(PeerSyncOptions options) =>
        options.Admin.Endpoint is { } endpoint ? new AdminClient(ToLocalUri(endpoint), options.Admin.Token) : null;

    /// <summary>The address under which a listener of this machine is reached.</summary>
    internal static Uri ToLocalUri(ListenEndpoint endpoint)
    {
        var host = endpoint.Address is { } address && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)
            ? address
            : IPAddress.Loopback;
        return new UriBuilder(endpoint.UsesTls ? "https" : "http", host.ToString(), endpoint.Port).Uri;
    }

    /// <summary>Asks for one answer.</summary>
    /// <exception cref="HttpRequestException">The node is not there or refused.</exception>
    internal Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, path), type, cancellationToken);

    /// <summary>Asks for something to be done.</summary>
    /// <exception cref="HttpRequestException">The node is not there or refused.</exception>
    internal Task<T> PostAsync<T>(string path, IReadOnlyDictionary<string, string> fields, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields) }, type, cancellationToken);

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private async Task<T> SendAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            using (request)
            {
                using var response = await _http.SendAsync(request, cancellationToken);
                response.EnsureSuccessStatusCode();
                await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
                return await JsonSerializer.DeserializeAsync(body, type, cancellationToken)
                    ?? throw new HttpRequestException("The node sent an empty answer.");
            }
        }
        catch (TaskCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException("The node did not answer in time.", exception);
        }
    }
}
