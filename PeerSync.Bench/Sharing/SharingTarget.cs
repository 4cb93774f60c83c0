using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Sharing;

/// <summary>A server with the routes of Sharing, over one of the two databases.</summary>
/// <param name="engine">The database: <c>sqlite</c> or <c>postgres</c>.</param>
internal abstract class SharingTarget(string engine) : ITarget
{
    public const string Base = "/osmynt-api-engine/protected";

    /// <summary>The path that logs in under any name.</summary>
    private const string LogInPath = "/osmynt-api-engine/auth/dev-login";

    // A point of P-256 (RFC 7515, appendix A.3): servers check keys.
    private const string PublicKey =
        """{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","ext":true,"key_ops":[]}""";

    public abstract string Name { get; }

    public abstract string Title { get; }

    protected string Engine => engine;

    public abstract Task<string?> PrepareAsync(CancellationToken cancellationToken);

    public abstract Task<ServerProcess> StartAsync(CancellationToken cancellationToken);

    /// <summary>Makes a user with a device, as the extension does; its team is there from the login on.</summary>
    public async Task<SharingUser> CreateUserAsync(HttpClient http, int number, CancellationToken cancellationToken)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"bench-{number}");
        using var login = await CallAsync(http, HttpMethod.Post, LogInPath, null, $$"""{"name":"{{name}}"}""", cancellationToken);
        var token = login.RootElement.GetProperty("tokens").GetProperty("access").GetString()!;
        using var device = await CallAsync(
            http,
            HttpMethod.Post,
            Base + "/keys/register",
            token,
            $$"""{"deviceId":"1760000000000-bench{{number}}","encryptionPublicKeyJwk":{{PublicKey}}}""",
            cancellationToken);
        using var teams = await CallAsync(http, HttpMethod.Get, Base + "/teams/me", token, null, cancellationToken);
        return new SharingUser(
            teams.RootElement.GetProperty("user").GetProperty("id").GetString()!, teams.RootElement.GetProperty("teams")[0].GetProperty("id").GetString()!, token);
    }

    private static async Task<JsonDocument> CallAsync(
        HttpClient http, HttpMethod method, string path, string? token, string? json, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        using var answer = await http.SendAsync(request, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode
            ? JsonDocument.Parse(text)
            : throw new InvalidDataException($"{method} {path} was answered {(int)answer.StatusCode} {text}");
    }
}
