using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sharing;

/// <summary>How many requests are answered, and what their senders are told of it.</summary>
public sealed class SharingLimitTests : IAsyncLifetime
{
    private const string Limits = "peersync { rate-limits.enabled = on, sharing.rest-limits { reads.max-requests = 5, writes.max-requests = 3 } }";

    private readonly ManualTimeProvider _time = new();
    private SharingTestHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await SharingTestHost.StartAsync(Limits, _time);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task An_address_may_try_thirty_logins_a_minute()
    {
        for (var i = 0; i < 30; i++)
        {
            Assert.Equal(400, (await LogInAsync()).Status);
        }

        using var response = await _host.SendAsync(HttpMethod.Post, $"{SharingTestHost.Base}/auth/dev-login", null, "{}");
        Assert.Equal(429, (int)response.StatusCode);
        Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("Too many requests, please try again later.", await response.Content.ReadAsStringAsync(PeerSyncTestHost.Cancel));
        Assert.Equal(
            ("60", "30;w=60", "30", "0", "60"),
            (Header(response, "Retry-After"), Header(response, "RateLimit-Policy"), Header(response, "RateLimit-Limit"), Header(response, "RateLimit-Remaining"),
                Header(response, "RateLimit-Reset")));

        // Reads are counted for themselves, and probes not at all.
        Assert.Equal(200, (await _host.AskAsync(HttpMethod.Get, SharingTestHost.Base)).Status);
        Assert.Equal(200, (await _host.AskAsync(HttpMethod.Get, $"{SharingTestHost.Base}/health")).Status);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(400, (await LogInAsync()).Status);
    }

    [Fact]
    public async Task Users_behind_one_address_do_not_count_for_each_other()
    {
        var ann = await _host.LogInAsync("ann");
        var bob = await _host.LogInAsync("bob");
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(200, (await _host.CallAsync(HttpMethod.Get, "auth/sessions", ann)).Status);
        }

        var (status, body) = await _host.CallAsync(HttpMethod.Get, "auth/sessions", ann);
        Assert.Equal((429, "Too many requests, please try again later."), (status, (string?)body));
        Assert.Equal(200, (await _host.CallAsync(HttpMethod.Get, "auth/sessions", bob)).Status);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(404, (await _host.CallAsync(HttpMethod.Delete, "auth/sessions/x", ann)).Status);
        }

        Assert.Equal(429, (await _host.CallAsync(HttpMethod.Delete, "auth/sessions/x", ann)).Status);
    }

    [Fact]
    public async Task Requests_without_a_login_count_for_their_address()
    {
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(401, (await _host.CallAsync(HttpMethod.Get, "auth/sessions", null)).Status);
        }

        Assert.Equal(429, (await _host.AskAsync(HttpMethod.Get, $"{SharingTestHost.Base}/nope")).Status);
        for (var i = 0; i < 8; i++)
        {
            using var response = await _host.SendAsync(HttpMethod.Get, $"{SharingTestHost.Base}/health");
            Assert.Equal(("5", "5"), (Header(response, "RateLimit-Limit"), Header(response, "RateLimit-Remaining")));
        }
    }

    private static string Header(HttpResponseMessage response, string name) => response.Headers.GetValues(name).Single();

    private Task<(int Status, System.Text.Json.Nodes.JsonNode? Body)> LogInAsync() =>
        _host.AskAsync(HttpMethod.Post, $"{SharingTestHost.Base}/auth/dev-login", null, "{}");
}
