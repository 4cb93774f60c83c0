using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PeerSync.Tests.TestKit;

/// <summary>The three endpoints of GitHub that a login uses, on the loopback interface, with a few users.</summary>
/// <remarks>
/// A token is <c>gho_NAME_...</c> and a code <c>code_NAME</c>. Alice and Bob have verified addresses, Carol one that is not verified, Dave none. The code "down" and the
/// token <c>gho_down_...</c> get an answer of 500.
/// </remarks>
internal sealed class GitHubStandIn : IAsyncDisposable
{
    private static readonly Dictionary<string, (string User, string Emails)> Users = new()
    {
        ["alice"] = (
            """{"id":1001,"login":"alice","name":"Alice Doe","avatar_url":"https://avatars.test/alice.png"}""",
            """[{"email":"old@test.test","primary":false,"verified":true},{"email":"alice@test.test","primary":true,"verified":true}]"""),
        ["bob"] = (
            """{"id":1002,"login":"bob","name":"Bob Roe","avatar_url":"https://avatars.test/bob.png"}""",
            """[{"email":"unverified@test.test","primary":true,"verified":false},{"email":"bob@test.test","primary":false,"verified":true}]"""),
        ["carol"] = ("""{"id":1003,"login":"carol","name":null,"avatar_url":null}""", """[{"email":"carol@test.test","primary":true,"verified":false}]"""),
        ["dave"] = ("""{"id":1004,"login":"dave","name":"Dave","avatar_url":null}""", "[]"),
        ["nameless"] = ("""{"id":1005,"login":"nameless","name":null,"avatar_url":null}""", """[{"email":"n@test.test","primary":true,"verified":true}]"""),
        ["erin"] = (
            """{"id":1007,"login":"erin","name":"Erin <b>","avatar_url":null}""", """[{"email":"erin@test.test","primary":true,"verified":true}]"""),
        ["frank"] = (
            """{"id":1008,"login":"frank","name":"Frank","avatar_url":null}""", """[{"email":"frank@test.test","primary":true,"verified":true}]"""),
        ["grace"] = (
            """{"id":1009,"login":"grace","name":"Grace","avatar_url":null}""", """[{"email":"grace@test.test","primary":true,"verified":true}]"""),
        ["heidi"] = (
            """{"id":1010,"login":"heidi","name":"Heidi","avatar_url":null}""", """[{"email":"heidi@test.test","primary":true,"verified":true}]"""),
        ["ivan"] = (
            """{"id":1011,"login":"ivan","name":"Ivan","avatar_url":null}""", """[{"email":"ivan@test.test","primary":true,"verified":true}]"""),
        ["scopeless"] = ("""{"id":1006,"login":"scopeless","name":"S","avatar_url":null}""", string.Empty),
    };

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, string> _challenges = new();
    private readonly ConcurrentQueue<string> _requests = new();

    private GitHubStandIn(WebApplication app) => _app = app;

    public string Url { get; private set; } = string.Empty;

    /// <summary>What was asked, in order: the path and the user agent.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    /// <summary>Answers instead of the endpoints, where it is set.</summary>
    public Func<HttpContext, Task>? Respond { get; set; }

    public static async Task<GitHubStandIn> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var gitHub = new GitHubStandIn(app);
        app.Run(gitHub.HandleAsync);
        await app.StartAsync();
        gitHub.Url = app.Urls.Single();
        return gitHub;
    }

    /// <summary>The settings of a server that asks this one.</summary>
    public string Settings =>
        $$"""
        peersync.sharing.github {
          client-id = cid123, client-secret = the-secret, redirect-uri = "http://localhost:3000/osmynt-api-engine/auth/callback"
          api-url = "{{Url}}/api/v3/", oauth-url = "{{Url}}"
        }
        """;

    /// <summary>What a browser does that follows the address which a login begins with: it comes back with a code of a user.</summary>
    public string Approve(string url, string user)
    {
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(new Uri(url).Query);
        Assert.Equal("S256", query["code_challenge_method"].ToString());
        var code = $"code_{user}";
        _challenges[code] = query["code_challenge"]!;
        return $"code={code}&state={Uri.EscapeDataString(query["state"]!)}";
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task HandleAsync(HttpContext context)
    {
        _requests.Enqueue($"{context.Request.Path} {context.Request.Headers.UserAgent}");
        if (Respond is { } respond)
        {
            return respond(context);
        }

        return context.Request.Path.Value switch
        {
            "/login/oauth/access_token" => ExchangeAsync(context),
            "/api/v3/user" => AnswerAsync(context, static user => user.User),
            "/api/v3/user/emails" => AnswerAsync(context, static user => user.Emails),
            _ => FailAsync(context, 404),
        };
    }

    private async Task ExchangeAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        Assert.Equal("application/json", context.Request.Headers.Accept.ToString());
        Assert.Equal(("cid123", "the-secret"), (form["client_id"].ToString(), form["client_secret"].ToString()));
        var code = form["code"].ToString();
        if (code == "down")
        {
            await FailAsync(context, 500);
            return;
        }

        var name = code.StartsWith("code_", StringComparison.Ordinal) ? code["code_".Length..] : string.Empty;
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        var isProven = !_challenges.TryGetValue(code, out var expected) || expected == challenge;
        await WriteAsync(context, Users.ContainsKey(name) && isProven
            ? JsonSerializer.Serialize(new Dictionary<string, string> { ["access_token"] = $"gho_{name}_000000000", ["token_type"] = "bearer" })
            : """{"error":"bad_verification_code"}""");
    }

    private static Task AnswerAsync(HttpContext context, Func<(string User, string Emails), string> part)
    {
        var parts = context.Request.Headers.Authorization.ToString().Split('_');
        if (parts is ["Bearer gho", "down", ..])
        {
            return FailAsync(context, 500);
        }

        return parts is ["Bearer gho", var name, ..] && Users.TryGetValue(name, out var user)
            ? part(user) is { Length: > 0 } answer ? WriteAsync(context, answer) : FailAsync(context, 404)
            : FailAsync(context, 401);
    }

    private static Task FailAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return WriteAsync(context, """{"message":"no"}""");
    }

    private static Task WriteAsync(HttpContext context, string json)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(json);
    }
}
