using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sharing;

/// <summary>What holds for every request of the feature: headers, unknown routes, tokens, cross-origin requests.</summary>
public sealed class SharingFrameTests : IAsyncLifetime
{
    private SharingTestHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await SharingTestHost.StartAsync("""peersync.cors.origins = ["https://app.example"]""");

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_name_logs_in_and_is_the_same_user_the_next_time()
    {
        var ann = await _host.LogInAsync("ann");
        var again = await _host.LogInAsync("ann");
        var bob = await _host.LogInAsync("bob");

        Assert.Equal(ann.Id, again.Id);
        Assert.NotEqual(ann.Id, bob.Id);
        Assert.Matches("^c[a-z0-9]{24}$", ann.Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{oops")]
    [InlineData("{}")]
    [InlineData("""{"name":""}""")]
    [InlineData("""{"name":" ann"}""")]
    [InlineData("""{"name":"a\u0000b"}""")]
    [InlineData("""{"name":"\ud800"}""")]
    [InlineData("""{"name":7}""")]
    public async Task What_is_no_name_is_refused(string body)
    {
        var (status, answer) = await _host.AskAsync(HttpMethod.Post, $"{SharingTestHost.Base}/auth/dev-login", null, body);

        Assert.Equal((400, "Invalid body"), (status, (string?)answer!["error"]));
    }

    [Fact]
    public async Task Health_has_its_three_paths()
    {
        foreach (var path in new[] { "/osmynt-api-engine/health", "/osmynt-api-engine/health/health", "/health" })
        {
            var (status, body) = await _host.AskAsync(HttpMethod.Get, path);

            Assert.Equal(200, status);
            Assert.Equal("healthy", (string?)body!["data"]!["status"]);
            Assert.Equal(["status", "timestamp", "uptime", "memoryUsage", "cpuUsage"], body["data"]!.AsObject().Select(static member => member.Key));
        }
    }

    [Fact]
    public async Task Every_answer_below_the_base_path_has_the_headers()
    {
        foreach (var path in new[] { "", "/", "/nope", "/protected/keys/nope", "/protected/nope" })
        {
            using var response = await _host.SendAsync(HttpMethod.Get, SharingTestHost.Base + path);

            Assert.Equal("Osmynt", response.Headers.GetValues("X-Powered-By").Single());
            Assert.Matches(@"^\d+(\.\d+)?ms$", response.Headers.GetValues("X-Response-Time").Single());
            Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        }
    }

    [Theory]
    [InlineData("GET", "/osmynt-api-engine/nope", 404, "404 Not Found")]
    [InlineData("POST", "/osmynt-api-engine", 404, "404 Not Found")]
    [InlineData("PROPFIND", "/osmynt-api-engine", 404, "404 Not Found")]
    [InlineData("GET", "/osmynt-api-engine/protected/nope", 404, "404 Not Found")]
    [InlineData("GET", "/osmynt-api-engine/protected/keys/nope", 401, "Unauthorized")]
    [InlineData("PATCH", "/osmynt-api-engine/protected/teams", 401, "Unauthorized")]
    [InlineData("GET", "/osmynt-api-engine/protected/code-share/a/b/c", 401, "Unauthorized")]
    public async Task Unknown_routes_are_answered_in_text(string method, string path, int status, string text)
    {
        using var response = await _host.SendAsync(new HttpMethod(method), path);

        Assert.Equal((status, text), ((int)response.StatusCode, await response.Content.ReadAsStringAsync(PeerSyncTestHost.Cancel)));
        Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Browsers_of_allowed_origins_may_send_their_token()
    {
        using var preflight = await _host.SendAsync(
            HttpMethod.Options,
            $"{SharingTestHost.Base}/protected/keys/me",
            headers: [("Origin", "https://app.example"), ("Access-Control-Request-Method", "GET")]);
        using var other = await _host.SendAsync(HttpMethod.Get, SharingTestHost.Base, headers: [("Origin", "https://other.example")]);

        Assert.Equal(204, (int)preflight.StatusCode);
        Assert.Equal("https://app.example", preflight.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("true", preflight.Headers.GetValues("Access-Control-Allow-Credentials").Single());
        Assert.Equal("Authorization, Content-Type", preflight.Headers.GetValues("Access-Control-Allow-Headers").Single());
        Assert.False(other.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.False(other.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task The_root_belongs_to_nobody_here()
    {
        var (status, body) = await _host.AskAsync(HttpMethod.Get, "/");

        Assert.Equal((404, "Cannot GET /"), (status, (string?)body!["message"]));
    }

    [Fact]
    public async Task The_development_login_can_be_closed_and_is_not_there_in_production()
    {
        await using var closed = await SharingTestHost.StartAsync("peersync.sharing.dev-login = off");
        await using var production = await SharingTestHost.StartAsync(
            """peersync { environment = production, identity.supabase.url = "https://abc.example" }""");
        foreach (var host in new[] { closed, production })
        {
            var (status, body) = await host.AskAsync(HttpMethod.Post, $"{SharingTestHost.Base}/auth/dev-login", null, """{"name":"ann"}""");

            Assert.Equal((404, "404 Not Found"), (status, (string?)body));
        }
    }
}
