using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using PeerSync.Host.Configuration;
using PeerSync.Storage.Sharing;

namespace PeerSync.Host.Sharing;

/// <summary>Asks GitHub, or an Enterprise server of it, who somebody is (Sharing contract, section 2.4). Nothing of its answers is logged, nor any token.</summary>
internal sealed class GitHubClient : IDisposable
{
    /// <summary>The longest token that is sent.</summary>
    public const int MaxToken = 2048;

    private const string NoToken = "Failed to exchange code for token";
    private const string NoUser = "Failed to fetch GitHub user";
    private const string NoEmails = "Failed to fetch GitHub emails";
    private const string NoEmail = "No email found for GitHub user";
    private const string FallbackName = "GitHub User";
    private const string Json = "application/json";
    private const int MaxAnswer = 1024 * 1024;
    private const int MaxConnections = 64;
    private const int MaxEmail = 320;

    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    private readonly SharingGitHubSettings _settings;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    public GitHubClient(PeerSyncOptions options, TimeProvider time)
    {
        _settings = options.Sharing.GitHub;
        _time = time;

        // No redirects: a token goes to the configured address, and to nothing that it points to.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = _settings.Timeout,
            MaxConnectionsPerServer = MaxConnections,
            PooledConnectionLifetime = ConnectionLifetime,
            MaxResponseHeadersLength = 64,
        };
        _http = new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MaxAnswer };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("PeerSync", ServerVersion.Text));
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue(Json));
    }

    /// <summary>Where a browser is sent to log in.</summary>
    /// <param name="state">Comes back with the browser.</param>
    /// <param name="challenge">The hash of PKCE's secret, base64url.</param>
    public string AuthorizeUrl(string state, string challenge) => string.Concat(
        Address(_settings.OAuthUrl, "/login/oauth/authorize"),
        $"?client_id={WebUtility.UrlEncode(_settings.ClientId)}&redirect_uri={WebUtility.UrlEncode(_settings.RedirectUri!.OriginalString)}",
        $"&scope={WebUtility.UrlEncode("read:user user:email")}&state={WebUtility.UrlEncode(state)}",
        $"&code_challenge={WebUtility.UrlEncode(challenge)}&code_challenge_method=S256");

    /// <summary>Exchanges a code for a token.</summary>
    /// <param name="code">What the browser has come back with.</param>
    /// <param name="verifier">PKCE's secret.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="GitHubException">GitHub refuses, or does not answer.</exception>
    public async Task<string> ExchangeAsync(string code, string verifier, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address(_settings.OAuthUrl, "/login/oauth/access_token"))
        {
            Content = new FormUrlEncodedContent(
            [
                new("client_id", _settings.ClientId),
                new("client_secret", _settings.ClientSecret.Value),
                new("code", code),
                new("redirect_uri", _settings.RedirectUri!.OriginalString),
                new("code_verifier", verifier),
            ]),
        };
        using var answer = await AskAsync(request, NoToken, StatusCodes.Status401Unauthorized, cancellationToken);

        // A code that is not good is answered 200, without a token.
        return Text(answer.RootElement, "access_token") is { } token && IsToken(token)
            ? token
            : throw new GitHubException(StatusCodes.Status401Unauthorized, NoToken, "rejected");
    }

    /// <summary>Whose a token is.</summary>
    /// <param name="token">A token of GitHub; see <see cref="IsToken"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="GitHubException">GitHub refuses or does not answer, or the user has no verified mail address.</exception>
    public async Task<SharingProfile> GetProfileAsync(string token, CancellationToken cancellationToken)
    {
        using var user = await GetAsync("/user", token, NoUser, StatusCodes.Status401Unauthorized, cancellationToken);
        if (user.RootElement.ValueKind != JsonValueKind.Object
            || !user.RootElement.TryGetProperty("id", out var member) || member.ValueKind != JsonValueKind.Number || !member.TryGetInt64(out var id))
        {
            throw new GitHubException(StatusCodes.Status502BadGateway, NoUser, "unreachable");
        }

        using var emails = await GetAsync("/user/emails", token, NoEmails, StatusCodes.Status403Forbidden, cancellationToken);
        var email = FindEmail(emails.RootElement) ?? throw new GitHubException(StatusCodes.Status403Forbidden, NoEmail, "no_email");
        var name = Text(user.RootElement, "name") is { Length: > 0 } given ? given : FallbackName;
        return new SharingProfile(string.Create(CultureInfo.InvariantCulture, $"github:{id}"), name, email, Text(user.RootElement, "avatar_url"));
    }

    /// <summary>Whether a text can be sent as a token at all.</summary>
    public static bool IsToken(string text) => text.Length is > 0 and <= MaxToken && text.All(static c => c is > ' ' and <= '~');

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private static string Address(Uri root, string path) => root.OriginalString.TrimEnd('/') + path;

    private static string? Text(JsonElement json, string name) => SharingBody.Text(json, name);

    // The one that GitHub calls primary, or else the first; only such as it has verified: anybody can enter anybody's.
    private static string? FindEmail(JsonElement emails)
    {
        string? found = null;
        if (emails.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        foreach (var entry in emails.EnumerateArray())
        {
            if (IsTrue(entry, "verified") && Text(entry, "email") is { Length: > 0 and <= MaxEmail } email)
            {
                if (IsTrue(entry, "primary"))
                {
                    return email;
                }

                found ??= email;
            }
        }

        return found;
    }

    private static bool IsTrue(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.True;

    // 403 and 429 are also how GitHub says that too much was asked: then the token may well be good.
    private static bool IsRefusal(HttpResponseMessage response) => (int)response.StatusCode is >= 400 and < 500
        && response.StatusCode != HttpStatusCode.TooManyRequests
        && !(response.Headers.TryGetValues("x-ratelimit-remaining", out var left) && left.Contains("0"));

    private async Task<JsonDocument> GetAsync(string path, string token, string error, int refusal, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address(_settings.ApiUrl, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await AskAsync(request, error, refusal, cancellationToken);
    }

    private async Task<JsonDocument> AskAsync(HttpRequestMessage request, string error, int refusal, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_settings.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var response = await _http.SendAsync(request, either.Token);
            if (response.IsSuccessStatusCode)
            {
                return JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(either.Token));
            }

            throw IsRefusal(response)
                ? new GitHubException(refusal, error, "rejected")
                : new GitHubException(StatusCodes.Status502BadGateway, error, "unreachable");
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or IOException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new GitHubException(StatusCodes.Status502BadGateway, error, "unreachable", exception);
        }
    }
}
