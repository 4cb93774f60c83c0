using System.Buffers.Text;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using PeerSync.Storage;
using PeerSync.Storage.Sharing;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sharing;

/// <summary>Logins through GitHub: with a token, and in the browser.</summary>
public sealed partial class SharingLoginTests(SharingLoginFixture fixture, NodeOnlyFixture node) : IClassFixture<SharingLoginFixture>, IClassFixture<NodeOnlyFixture>
{
    private const string Auth = SharingTestHost.Base + "/auth";

    private static readonly (string, string) Html = ("Accept", "text/html,application/xhtml+xml");

    [Fact]
    public async Task A_token_of_GitHub_logs_its_user_in()
    {
        using var client = new SharingTestClient();
        var (status, answer) = await fixture.Host.AskAsync(HttpMethod.Post, $"{Auth}/login-with-token", null, client.Login("gho_alice_000000000"));
        var (_, again) = await fixture.Host.AskAsync(HttpMethod.Post, $"{Auth}/login-with-token", null, client.Login("gho_alice_000000000"));

        Assert.Equal(200, status);
        Assert.Equal(["handshakeId", "serverPublicKeyJwk", "payload"], answer!.AsObject().Select(static member => member.Key));
        var tokens = client.Open(answer)["tokens"]!;
        var userId = ClaimsOf((string)tokens["access"]!, "iat", "exp", "sub", "typ", "sid")["sub"]!;
        ClaimsOf((string)tokens["refresh"]!, "iat", "exp", "sub", "typ", "sid", "gen");
        Assert.Equal((string)userId!, (string)ClaimsOf((string)client.Open(again!)["tokens"]!["access"]!, "iat", "exp", "sub", "typ", "sid")["sub"]!);
        Assert.NotEqual((string)answer["serverPublicKeyJwk"]!["x"]!, (string)again!["serverPublicKeyJwk"]!["x"]!);

        var user = await fixture.Host.Store.Accounts.FindUserAsync((string)userId!, PeerSyncTestHost.Cancel);
        Assert.Equal(("Alice Doe", "alice@test.test", "https://avatars.test/alice.png"), (user!.Name, user.Email, user.AvatarUrl));
        Assert.All(fixture.GitHub.Requests, static request => Assert.Contains(" PeerSync/", request, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("gho_carol_000000000", 403, "No email found for GitHub user")]
    [InlineData("gho_scopeless_00000", 403, "Failed to fetch GitHub emails")]
    [InlineData("gho_down_0000000000", 502, "Failed to fetch GitHub user")]
    [InlineData("gho_nobody_00000000", 401, "Failed to fetch GitHub user")]
    [InlineData("gho_with a blank_00", 400, "Invalid body")]
    public async Task Who_GitHub_does_not_vouch_for_is_not_logged_in(string token, int status, string error)
    {
        using var client = new SharingTestClient();
        var answer = await fixture.Host.AskAsync(HttpMethod.Post, $"{Auth}/login-with-token", null, client.Login(token));

        Assert.Equal((status, error), (answer.Status, (string?)answer.Body!["error"]));
    }

    [Fact]
    public async Task Only_verified_addresses_count_and_a_user_without_a_name_has_one()
    {
        Assert.Equal("bob@test.test", (await LogInWithTokenAsync("gho_bob_000000000")).Email);
        Assert.Equal("GitHub User", (await LogInWithTokenAsync("gho_nameless_0000")).Name);
    }

    [Fact]
    public async Task The_development_login_takes_the_place_of_a_token()
    {
        using var client = new SharingTestClient();
        var ann = await fixture.Host.LogInAsync("ann");
        var (status, answer) = await fixture.Host.AskAsync(HttpMethod.Post, $"{Auth}/login-with-token", null, client.Login("dev:ann"));

        Assert.Equal(200, status);
        Assert.Equal(ann.Id, (string?)ClaimsOf((string)client.Open(answer!)["tokens"]!["access"]!, "iat", "exp", "sub", "typ", "sid")["sub"]);
    }

    [Fact]
    public async Task WebCrypto_opens_what_was_sealed_for_it()
    {
        Assert.SkipWhen(node.Missing is not null, node.Missing ?? string.Empty);
        var (code, output) = await node.RunScriptAsync("Sharing", "login.mjs", $"http://{fixture.Host.Server.Address.Authority}", "gho_alice_000000000");

        Assert.True(code == 0, output);
        var tokens = JsonNode.Parse(output)!["tokens"]!;
        Assert.Equal(
            ["access", "refresh"], tokens.AsObject().Select(static member => member.Key));
        ClaimsOf((string)tokens["access"]!, "iat", "exp", "sub", "typ", "sid");
    }

    [Fact]
    public async Task An_answer_that_is_not_GitHubs_is_no_login()
    {
        using var client = new SharingTestClient();
        await using var gitHub = await GitHubStandIn.StartAsync();
        await using var host = await SharingTestHost.StartAsync(gitHub.Settings);
        Func<HttpContext, Task>[] answers =
        [
            static context => context.Response.WriteAsync("<html>"),
            static context => context.Response.WriteAsync("[]"),
            static context => context.Response.WriteAsync("""{"id":"7"}"""),
            static context => context.Response.WriteAsync(new string(' ', 2 * 1024 * 1024)),
            static context =>
            {
                context.Response.Redirect("https://elsewhere.example");
                return Task.CompletedTask;
            },
            static context =>
            {
                context.Response.StatusCode = 403;
                context.Response.Headers["x-ratelimit-remaining"] = "0";
                return Task.CompletedTask;
            },
        ];
        foreach (var answer in answers)
        {
            gitHub.Respond = answer;
            var (status, body) = await host.AskAsync(HttpMethod.Post, $"{Auth}/login-with-token", null, client.Login("gho_alice_000000000"));
            Assert.Equal((502, "Failed to fetch GitHub user"), (status, (string?)body!["error"]));
        }

        await gitHub.DisposeAsync();
        Assert.Equal(502, (await host.AskAsync(HttpMethod.Post, $"{Auth}/login-with-token", null, client.Login("gho_alice_000000000"))).Status);
        var refused = await host.Server.Server.Store.Audit.ReadNewestAsync("sharing", 10, PeerSyncTestHost.Cancel);
        Assert.Equal(7, refused.Count(static record => record.Entry is { Action: "USER_LOGIN_REFUSED", Detail: "github_token unreachable", Actor: null }));
    }

    [Fact]
    public async Task A_browser_is_asked_and_nobody_is_logged_in_before_it_has_answered()
    {
        using var client = new SharingTestClient();
        var (id, code) = await InitAsync(client);
        var callback = fixture.GitHub.Approve(await AddressAsync(id), "erin");
        using var page = await fixture.Host.SendAsync(HttpMethod.Get, $"{Auth}/callback?{callback}", headers: [Html]);
        var html = await page.Content.ReadAsStringAsync(PeerSyncTestHost.Cancel);

        Assert.Equal((HttpStatusCode.OK, "text/html"), (page.StatusCode, page.Content.Headers.ContentType?.MediaType));
        Assert.Contains($"<code>{code}</code>", html, StringComparison.Ordinal);
        Assert.Contains("Erin &lt;b&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Matches("^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$", policy);
        Assert.Equal("no-store", page.Headers.CacheControl?.ToString());
        Assert.Equal("""{"ready":false}""", await RetrieveAsync(id));
        Assert.False(await HasLoggedInAsync("Erin <b>"));

        var token = TokenField().Match(html).Groups[1].Value;
        Assert.Equal(HttpStatusCode.BadRequest, await ConfirmAsync(id, "not-the-token", "yes"));
        Assert.Equal("""{"ready":false}""", await RetrieveAsync(id));
        Assert.Equal(HttpStatusCode.OK, await ConfirmAsync(id, token, "yes"));
        Assert.Equal(HttpStatusCode.BadRequest, await ConfirmAsync(id, token, "yes"));
        Assert.True(await HasLoggedInAsync("Erin <b>"));

        var answer = JsonNode.Parse(await RetrieveAsync(id))!;
        Assert.Equal(["ready", "serverPublicKeyJwk", "payload"], answer.AsObject().Select(static member => member.Key));
        ClaimsOf((string)client.Open(answer)["tokens"]!["access"]!, "iat", "exp", "sub", "typ", "sid");
        Assert.Equal("""{"error":"Not found"}""", await RetrieveAsync(id));
    }

    [Fact]
    public async Task Who_says_no_is_not_logged_in()
    {
        using var client = new SharingTestClient();
        var (id, _) = await InitAsync(client);
        var callback = fixture.GitHub.Approve(await AddressAsync(id), "frank");

        // What a page's script would send: it cannot leave this header out.
        using var page = await fixture.Host.SendAsync(HttpMethod.Get, $"{Auth}/callback?{callback}", headers: [("Sec-Fetch-Mode", "no-cors"), ("Accept", "*/*")]);
        var token = TokenField().Match(await page.Content.ReadAsStringAsync(PeerSyncTestHost.Cancel)).Groups[1].Value;

        Assert.Equal(HttpStatusCode.Forbidden, await ConfirmAsync(id, token, "no"));
        Assert.Equal("""{"error":"Not found"}""", await RetrieveAsync(id));
        Assert.False(await HasLoggedInAsync("Frank"));
    }

    [Fact]
    public async Task A_code_that_was_given_for_another_login_is_refused_and_the_right_one_still_works()
    {
        using var client = new SharingTestClient();
        var (mine, _) = await InitAsync(client);
        var (other, _) = await InitAsync(client);
        fixture.GitHub.Approve(await AddressAsync(other), "grace");
        var stolen = await fixture.Host.AskAsync(HttpMethod.Get, $"{Auth}/callback?code=code_grace&state={mine}");
        var down = await fixture.Host.AskAsync(HttpMethod.Get, $"{Auth}/callback?code=down&state={mine}");
        var callback = fixture.GitHub.Approve(await AddressAsync(mine), "grace");
        var right = await fixture.Host.AskAsync(HttpMethod.Get, $"{Auth}/callback?{callback}");

        Assert.Equal((401, "Failed to exchange code for token"), (stolen.Status, (string?)stolen.Body!["error"]));
        Assert.Equal((502, "Failed to exchange code for token"), (down.Status, (string?)down.Body!["error"]));
        Assert.Equal(200, right.Status);
        Assert.Equal(["ok", "handshakeId", "serverPublicKeyJwk"], right.Body!.AsObject().Select(static member => member.Key));
    }

    [Fact]
    public async Task A_login_without_a_handshake_has_a_state_of_its_own()
    {
        var (_, begun) = await fixture.Host.AskAsync(HttpMethod.Get, $"{Auth}/github");
        var callback = fixture.GitHub.Approve((string)begun!["url"]!, "heidi");
        var (status, answer) = await fixture.Host.AskAsync(HttpMethod.Get, $"{Auth}/callback?{callback}");
        var (again, _) = await fixture.Host.AskAsync(HttpMethod.Get, $"{Auth}/callback?{callback}");

        Assert.Equal((200, 400), (status, again));
        Assert.Equal(["id", "email", "name", "avatarUrl"], answer!["user"]!.AsObject().Select(static member => member.Key));
        Assert.Equal(("heidi@test.test", "Heidi"), ((string?)answer["user"]!["email"], (string?)answer["user"]!["name"]));
        ClaimsOf((string)answer["tokens"]!["access"]!, "iat", "exp", "sub", "typ", "sid");
    }

    [Fact]
    public async Task Of_many_callbacks_and_many_retrievals_one_succeeds()
    {
        using var client = new SharingTestClient();
        var (id, _) = await InitAsync(client);
        var callback = fixture.GitHub.Approve(await AddressAsync(id), "ivan");

        var callbacks = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => fixture.Host.AskAsync(HttpMethod.Get, $"{Auth}/callback?{callback}")));
        var retrievals = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => RetrieveAsync(id)));

        Assert.Equal([200, 400, 400, 400, 400, 400, 400, 400], callbacks.Select(static answer => answer.Status).Order());
        Assert.Single(retrievals, static text => text.StartsWith("""{"ready":true""", StringComparison.Ordinal));
        Assert.Equal(7, retrievals.Count(static text => text == """{"error":"Not found"}"""));
    }

    [GeneratedRegex("name=\"token\" value=\"([A-Za-z0-9_-]{43})\"")]
    private static partial Regex TokenField();

    private static JsonNode ClaimsOf(string token, params string[] names)
    {
        var parts = token.Split('.');
        Assert.Equal("""{"alg":"HS256","typ":"JWT"}""", System.Text.Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[0])));
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!;
        Assert.Equal(names, claims.AsObject().Select(static claim => claim.Key));
        Assert.Equal((string)claims["typ"]! == "access" ? 43_200 : 2_592_000, (long)claims["exp"]! - (long)claims["iat"]!);
        return claims;
    }

    private async Task<SharingUser> LogInWithTokenAsync(string token)
    {
        using var client = new SharingTestClient();
        var (status, answer) = await fixture.Host.AskAsync(HttpMethod.Post, $"{Auth}/login-with-token", null, client.Login(token));
        Assert.Equal(200, status);
        var userId = (string)ClaimsOf((string)client.Open(answer!)["tokens"]!["access"]!, "iat", "exp", "sub", "typ", "sid")["sub"]!;
        return (await fixture.Host.Store.Accounts.FindUserAsync(userId, PeerSyncTestHost.Cancel))!;
    }

    private async Task<(string Id, string Code)> InitAsync(SharingTestClient client)
    {
        var (status, answer) = await fixture.Host.AskAsync(HttpMethod.Post, $"{Auth}/handshake/init", null, $$"""{"clientPublicKeyJwk":{{client.Jwk}}}""");
        Assert.Equal(200, status);
        return ((string)answer!["handshakeId"]!, (string)answer["confirmationCode"]!);
    }

    private async Task<string> AddressAsync(string id)
    {
        var (status, answer) = await fixture.Host.AskAsync(HttpMethod.Get, $"{Auth}/github?hid={id}");
        Assert.Equal(200, status);
        return (string)answer!["url"]!;
    }

    private async Task<string> RetrieveAsync(string id)
    {
        using var response = await fixture.Host.SendAsync(HttpMethod.Get, $"{Auth}/handshake/retrieve?id={id}");
        return await response.Content.ReadAsStringAsync(PeerSyncTestHost.Cancel);
    }

    private async Task<HttpStatusCode> ConfirmAsync(string id, string token, string decision)
    {
        using var form = new FormUrlEncodedContent([new("id", id), new("token", token), new("decision", decision)]);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Auth}/handshake/confirm") { Content = form };
        request.Headers.TryAddWithoutValidation(Html.Item1, Html.Item2);
        using var response = await fixture.Host.Http.SendAsync(request, PeerSyncTestHost.Cancel);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        return response.StatusCode;
    }

    private Task<IReadOnlyList<AuditRecord>> AuditAsync() => fixture.Host.Server.Server.Store.Audit.ReadNewestAsync("sharing", 1000, PeerSyncTestHost.Cancel);

    private async Task<bool> HasLoggedInAsync(string name)
    {
        foreach (var record in (await AuditAsync()).Where(static record => record.Entry.Action == "USER_LOGGED_IN"))
        {
            if ((await fixture.Host.Store.Accounts.FindUserAsync(record.Entry.Actor!, PeerSyncTestHost.Cancel))!.Name == name)
            {
                return true;
            }
        }

        return false;
    }
}
