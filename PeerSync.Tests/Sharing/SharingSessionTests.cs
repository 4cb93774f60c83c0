using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using PeerSync.Actors.Sharing;
using PeerSync.Host.Sharing;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sharing;

/// <summary>Logins are renewed, listed and ended.</summary>
public sealed class SharingSessionTests : IAsyncLifetime
{
    private const string Auth = SharingTestHost.Base + "/auth";

    private readonly ManualTimeProvider _time = new();
    private readonly RecordedRevocations _revocations = new();
    private SharingTestHost _host = null!;

    public async ValueTask InitializeAsync() =>
        _host = await SharingTestHost.StartAsync(
            "peersync.sharing { access-lifetime = 10m, refresh-lifetime = 1h }", _time, services => services.AddSingleton<ISharingRevocations>(_revocations));

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_refresh_token_is_exchanged_for_two_new_ones()
    {
        var ann = await _host.LogInAsync("ann");
        var first = await RefreshAsync(ann.Refresh);
        _time.Advance(TimeSpan.FromMinutes(59));
        var (status, body) = await _host.AskAsync(HttpMethod.Post, $"{Auth}/refresh", null, null, ("Authorization", $"Bearer {first!.Refresh}"));

        Assert.Equal(200, status);
        Assert.Equal(["access", "refresh"], body!["tokens"]!.AsObject().Select(static member => member.Key));
        Assert.Equal(200, await StatusAsync((string)body["tokens"]!["access"]!));
        Assert.Equal(401, await StatusAsync(first.Access));
        Assert.Equal(401, await StatusAsync(ann.Access));
        _time.Advance(TimeSpan.FromMinutes(61));
        Assert.Null(await RefreshAsync((string)body["tokens"]!["refresh"]!));
    }

    [Fact]
    public async Task A_used_refresh_token_is_taken_again_at_once_and_later_ends_the_session()
    {
        var ann = await _host.LogInAsync("ann");
        var second = await RefreshAsync(ann.Refresh);
        _time.Advance(TimeSpan.FromSeconds(30));
        var repeated = await RefreshAsync(ann.Refresh);

        Assert.NotNull(repeated);
        Assert.Equal(200, await StatusAsync(repeated.Access));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await RefreshAsync(ann.Refresh));
        Assert.Equal(401, await StatusAsync(repeated.Access));
        Assert.Equal(401, await StatusAsync(second!.Access));
        Assert.Null(await RefreshAsync(second.Refresh));
        Assert.Equal((ann.Id, SessionOf(ann)), Assert.Single(_revocations.All));
        var audit = await _host.Server.Server.Store.Audit.ReadNewestAsync("sharing", 10, PeerSyncTestHost.Cancel);
        Assert.Single(audit, record => record.Entry is { Action: "REFRESH_TOKEN_REUSED" } entry && entry.Actor == ann.Id && entry.Detail == SessionOf(ann));
    }

    [Fact]
    public async Task Of_two_windows_that_renew_at_once_neither_is_logged_out()
    {
        var ann = await _host.LogInAsync("ann");
        var renewed = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => RefreshAsync(ann.Refresh)));

        Assert.DoesNotContain(renewed, static tokens => tokens is null);
        Assert.Single(renewed.Select(static tokens => tokens!.Refresh).Distinct());
        Assert.NotNull(await RefreshAsync(renewed[0]!.Refresh));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"refresh":7}""")]
    public async Task A_renewal_needs_a_token(string body) =>
        Assert.Equal(400, (await _host.AskAsync(HttpMethod.Post, $"{Auth}/refresh", null, body)).Status);

    [Fact]
    public async Task An_access_token_renews_nothing()
    {
        var ann = await _host.LogInAsync("ann");
        var (status, body) = await _host.AskAsync(HttpMethod.Post, $"{Auth}/refresh", null, $$"""{"refresh":"{{ann.Access}}"}""");

        Assert.Equal((401, "Unauthorized"), (status, (string?)body));
    }

    [Theory]
    [InlineData("/protected/auth/logout")]
    [InlineData("/auth/protected/logout")]
    public async Task A_logout_ends_one_session_at_once(string path)
    {
        var window = await _host.LogInAsync("ann");
        var other = await _host.LogInAsync("ann");
        Assert.Equal(200, await StatusAsync(window.Access));

        var (status, body) = await _host.AskAsync(HttpMethod.Post, SharingTestHost.Base + path, window);
        Assert.Equal((200, true), (status, (bool)body!["ok"]!));
        Assert.Equal((401, 200), (await StatusAsync(window.Access), await StatusAsync(other.Access)));
        Assert.Null(await RefreshAsync(window.Refresh));
        Assert.Equal((window.Id, SessionOf(window)), Assert.Single(_revocations.All));
    }

    [Fact]
    public async Task A_logout_everywhere_ends_all_sessions_of_its_user_alone()
    {
        var window = await _host.LogInAsync("ann");
        var other = await _host.LogInAsync("ann");
        var bob = await _host.LogInAsync("bob");
        foreach (var user in new[] { window, other, bob })
        {
            Assert.Equal(200, await StatusAsync(user.Access));
        }

        Assert.Equal(200, (await _host.CallAsync(HttpMethod.Post, "auth/logout-all", window)).Status);
        Assert.Equal((401, 401, 200), (await StatusAsync(window.Access), await StatusAsync(other.Access), await StatusAsync(bob.Access)));
        Assert.Equal((window.Id, null), Assert.Single(_revocations.All));
    }

    [Fact]
    public async Task A_user_sees_and_ends_the_own_sessions()
    {
        var window = await _host.LogInAsync("ann");
        _time.Advance(TimeSpan.FromSeconds(1));
        var other = await _host.LogInAsync("ann");
        var bob = await _host.LogInAsync("bob");
        var (_, list) = await _host.CallAsync(HttpMethod.Get, "auth/sessions", window);

        var sessions = list!["sessions"]!.AsArray();
        Assert.Equal([SessionOf(other), SessionOf(window)], sessions.Select(static session => (string?)session!["id"]));
        Assert.Equal([false, true], sessions.Select(static session => (bool)session!["isCurrent"]!));
        Assert.Equal("2026-01-01T01:00:00.000Z", (string?)sessions[1]!["expiresAt"]);

        Assert.Equal(404, (await _host.CallAsync(HttpMethod.Delete, $"auth/sessions/{SessionOf(bob)}", window)).Status);
        Assert.Equal(404, (await _host.CallAsync(HttpMethod.Delete, "auth/sessions/a%2Fb", window)).Status);
        Assert.Equal(200, (await _host.CallAsync(HttpMethod.Delete, $"auth/sessions/{SessionOf(other)}", window)).Status);
        Assert.Equal((401, 200, 200), (await StatusAsync(other.Access), await StatusAsync(window.Access), await StatusAsync(bob.Access)));
    }

    [Fact]
    public async Task An_end_on_another_server_is_seen_after_some_seconds()
    {
        var ann = await _host.LogInAsync("ann");
        Assert.Equal(200, await StatusAsync(ann.Access));
        await _host.Store.Accounts.EndSessionAsync(ann.Id, SessionOf(ann), PeerSyncTestHost.Cancel);

        Assert.Equal(200, await StatusAsync(ann.Access));
        _time.Advance(SharingSessions.Memory);
        Assert.Equal(401, await StatusAsync(ann.Access));
    }

    [Fact]
    public async Task A_client_is_told_what_was_wrong_with_its_header_and_nothing_of_the_address()
    {
        foreach (var (header, error) in new[]
        {
            (null, "error=\"invalid_request\",error_description=\"no authorization included in request\""),
            ("Bearer", "error=\"invalid_request\",error_description=\"invalid credentials structure\""),
            ("Bearer a b", "error=\"invalid_request\",error_description=\"invalid credentials structure\""),
            ("Bearer abc", "error=\"invalid_token\",error_description=\"token verification failure\""),
            ("Basic abc", "error=\"invalid_token\",error_description=\"token verification failure\""),
        })
        {
            using var response = await _host.SendAsync(
                HttpMethod.Get, $"{SharingTestHost.Base}/protected/keys/me?secret=x", headers: header is null ? [] : [("Authorization", header)]);

            Assert.Equal(401, (int)response.StatusCode);
            Assert.Equal("Unauthorized", await response.Content.ReadAsStringAsync(PeerSyncTestHost.Cancel));
            Assert.Equal($"Bearer realm=\"osmynt-api-engine\",{error}", string.Join(", ", response.Headers.GetValues("WWW-Authenticate")).Replace(", ", ",", StringComparison.Ordinal));
        }
    }

    private static string SessionOf(SharingTestUser user)
    {
        var claims = System.Text.Json.Nodes.JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(user.Access.Split('.')[1]))!;
        return (string)claims["sid"]!;
    }

    private async Task<SharingTestUser?> RefreshAsync(string token)
    {
        var (status, body) = await _host.AskAsync(HttpMethod.Post, $"{Auth}/refresh", null, $$"""{"refresh":"{{token}}"}""");
        if (status == 401)
        {
            Assert.Equal("Unauthorized", (string?)body);
            return null;
        }

        Assert.Equal(200, status);
        return new SharingTestUser(string.Empty, string.Empty, (string)body!["tokens"]!["access"]!, (string)body["tokens"]!["refresh"]!);
    }

    private async Task<int> StatusAsync(string access) =>
        (await _host.CallAsync(HttpMethod.Get, "auth/sessions", new SharingTestUser(string.Empty, string.Empty, access, string.Empty))).Status;

    private sealed class RecordedRevocations : ISharingRevocations
    {
        private readonly ConcurrentQueue<(string, string?)> _all = new();

        public IReadOnlyCollection<(string UserId, string? SessionId)> All => _all;

        public void SessionEnded(string userId, string? sessionId) => _all.Enqueue((userId, sessionId));
    }
}
