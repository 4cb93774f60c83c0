using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using PeerSync.Actors.Identity;
using PeerSync.Host.Peers;
using PeerSync.Tests.Http;
using PeerSync.Tests.Metrics;

namespace PeerSync.Tests.Peers;

/// <summary>Beyond what the transcript 03 shows.</summary>
public sealed class NetworkEndpointTests
{
    private const string Network = "/api/v1/network";
    private const string Join = "/api/v1/network/join";
    private const string Leave = "/api/v1/network/leave";
    private const string InvalidToken = """{"message":"Authentication token is invalid","error":"Unauthorized","statusCode":401}""";
    private const string Unavailable = """{"message":"Service temporarily unavailable","error":"Service Unavailable","statusCode":503}""";
    private const string InvalidCode = """{"message":"Invalid invite code format","error":"Conflict","statusCode":409}""";
    private const string UnknownCode = """{"message":"Network not found for this invite code","error":"Not Found","statusCode":404}""";

    [Fact]
    public async Task ANetworkIsToldWithMicroseconds()
    {
        await using var server = await StartAsync();
        using var response = await server.SendAsync(HttpMethod.Post, Network, "Bearer alice");
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var body = await response.Content.ReadAsStringAsync();
        Assert.EndsWith(
            """
            "inviteCode":"PS-ABCDEA","createdBy":"alice","createdAt":"2026-01-02T03:04:05.123456+00:00"}
            """,
            body,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoNetworkIsAnEmptyAnswerThatSaysSo()
    {
        await using var server = await StartAsync();
        var answer = await RawHttp.ExchangeAsync(
            server.Address, RawHttp.Request("GET", Network, "Authorization: Bearer alice\r\nContent-Type: application/json\r\n"));
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Length: 0\r\n", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Content-Type", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LiveSocketsHearOfEachChange()
    {
        await using var server = await StartAsync();
        var (id, code) = await CreateAsync(server, "alice");
        using var joined = await JoinAsync(server, "bob", code);
        using var unknown = await JoinAsync(server, "bob", "PS-ZZZZZZ");
        using var left = await server.SendAsync(HttpMethod.Post, Leave, "Bearer bob");
        using var shown = await server.SendAsync(HttpMethod.Get, Network, "Bearer alice");
        Assert.Equal([("alice", id), ("bob", id), ("bob", null)], server.Changes.Seen);
    }

    [Fact]
    public async Task AChangeOutlivesItsCaller()
    {
        await using var server = await StartAsync();
        var entered = new TaskCompletionSource<CancellationToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Directory.Before = token =>
        {
            entered.TrySetResult(token);
            return release.Task;
        };
        using (var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            await socket.ConnectAsync(IPAddress.Loopback, server.Address.Port);
            await socket.SendAsync(Encoding.ASCII.GetBytes(RawHttp.Request("POST", Network, "Authorization: Bearer alice\r\nContent-Length: 0\r\n")));
            Assert.False((await entered.Task.WaitAsync(TestTime.Limit)).CanBeCanceled);
            socket.Close();
        }

        release.SetResult();
        await server.Changes.FirstAsync();
        Assert.Equal("alice", Assert.Single(server.Changes.Seen).UserId);
    }

    [Fact]
    public async Task TheUserIsWrittenAsTheTokenNamesIt()
    {
        await using var server = await StartAsync();
        server.Tokens.Add("carol", "c-1", static identity => identity with
        {
            Email = "carol@example.test",
            PreferredUsername = "not shown",
            Provider = "magiclink",
            AvatarUrl = "https://example.test/c.png",
        });
        using var response = await server.SendAsync(HttpMethod.Post, Network, "Bearer carol");
        Assert.Equal(new("c-1", "carol@example.test", "carol", "otp", "https://example.test/c.png"), server.Directory.User("c-1"));
    }

    [Theory]
    [InlineData("Bearer alice", true)]
    [InlineData("alice", true)]
    [InlineData("bearer alice", false)]
    [InlineData("BEARER alice", false)]
    [InlineData("Bearer  alice", false)]
    [InlineData("Bearer", false)]
    [InlineData("Basic alice", false)]
    [InlineData("Bearer Bearer alice", false)]
    [InlineData("alice, alice", false)]
    public async Task NetworksTakeTheExactSchemeOrTheBareToken(string header, bool isAccepted)
    {
        await using var server = await StartAsync();
        using var response = await server.SendAsync(HttpMethod.Get, Network, header);
        if (isAccepted)
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
        else
        {
            await HttpAssert.JsonAsync(response, HttpStatusCode.Unauthorized, InvalidToken);
        }

        Assert.Empty(response.Headers.WwwAuthenticate);
    }

    [Theory]
    [InlineData("Bearer alice", true)]
    [InlineData("bearer alice", true)]
    [InlineData("BEARER\talice", true)]
    [InlineData("Bearer   alice", true)]
    [InlineData("alice", false)]
    [InlineData("Beareralice", false)]
    [InlineData("Bearer", false)]
    [InlineData("Basic alice", false)]
    [InlineData("Bearer expired", false)]
    [InlineData(null, false)]
    public async Task VerificationTakesTheSchemeInAnyCaseOnly(string? header, bool isAccepted)
    {
        await using var server = await StartAsync();
        using var response = await server.SendAsync(HttpMethod.Get, "/api/v1/auth/verify", header);
        if (isAccepted)
        {
            await HttpAssert.JsonAsync(
                response, HttpStatusCode.OK, """{"userId":"alice","email":"","displayName":"User","provider":"email","roles":[]}""");
        }
        else
        {
            await HttpAssert.JsonAsync(response, HttpStatusCode.Unauthorized, InvalidToken);
        }

        Assert.Empty(response.Headers.WwwAuthenticate);
    }

    [Theory]
    [InlineData("GET", Network)]
    [InlineData("POST", Network)]
    [InlineData("POST", Join)]
    [InlineData("POST", Leave)]
    [InlineData("GET", "/api/v1/auth/verify")]
    public async Task AnUnreachableKeyServiceIsNotTheTokensFault(string method, string path)
    {
        await using var server = await StartAsync();
        using var response = await server.SendAsync(new HttpMethod(method), path, "Bearer unavailable");
        await HttpAssert.JsonAsync(response, HttpStatusCode.ServiceUnavailable, Unavailable);
    }

    [Theory]
    [InlineData("GET", Network)]
    [InlineData("POST", Network)]
    [InlineData("POST", Leave)]
    public async Task AnUnreachableDatabaseIsNotNoNetwork(string method, string path)
    {
        await using var server = await StartAsync();
        server.Directory.IsUnavailable = true;
        using var response = await server.SendAsync(new HttpMethod(method), path, "Bearer alice");
        await HttpAssert.JsonAsync(response, HttpStatusCode.ServiceUnavailable, Unavailable);
        Assert.Empty(server.Changes.Seen);
    }

    [Theory]
    [InlineData("PS-", UnknownCode, HttpStatusCode.NotFound)]
    [InlineData("PS-\u0000", UnknownCode, HttpStatusCode.NotFound)]
    [InlineData("PS-\u00e9", UnknownCode, HttpStatusCode.NotFound)]
    [InlineData("PS-ABCDEA-LONGER-THAN-TODAY", UnknownCode, HttpStatusCode.NotFound)]
    [InlineData("P S-ABCDEA", InvalidCode, HttpStatusCode.Conflict)]
    [InlineData("PSABCDEA", InvalidCode, HttpStatusCode.Conflict)]
    [InlineData("   ", InvalidCode, HttpStatusCode.Conflict)]
    public async Task OnlyThePrefixOfACodeIsChecked(string code, string expected, HttpStatusCode status)
    {
        await using var server = await StartAsync();
        await CreateAsync(server, "alice");
        using var response = await JoinAsync(server, "bob", code);
        await HttpAssert.JsonAsync(response, status, expected);
    }

    [Fact]
    public async Task WhatCannotBeACodeNeverReachesTheDatabase()
    {
        await using var server = await StartAsync();
        server.Directory.IsUnavailable = true;
        using var response = await JoinAsync(server, "bob", "PS-" + new string('A', 50_000));
        await HttpAssert.JsonAsync(response, HttpStatusCode.NotFound, UnknownCode);
    }

    [Fact]
    public async Task AttemptsAreLimitedPerUser()
    {
        await using var server = await StartAsync(new JoinLimitOptions { PerIdentity = 2, PerAddress = 100 });
        var (_, code) = await CreateAsync(server, "alice");
        using var malformed = await JoinAsync(server, "bob", "no code at all");
        using var first = await JoinAsync(server, "bob", "PS-ZZZZZZ");
        using var second = await JoinAsync(server, "bob", "PS-ZZZZZY");
        Assert.Equal(HttpStatusCode.NotFound, second.StatusCode);
        using var third = await JoinAsync(server, "bob", code);
        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        Assert.Equal("30", Assert.Single(third.Headers.GetValues("Retry-After")));
        using var somebodyElse = await JoinAsync(server, "alice", code);
        Assert.Equal(HttpStatusCode.Created, somebodyElse.StatusCode);
        Assert.Equal(1, (await PrometheusPage.ScrapeAsync(server)).Value("peersync_rate_limited_total", ("kind", "join")));
    }

    [Fact]
    public async Task AttemptsAreLimitedPerAddress()
    {
        await using var server = await StartAsync(new JoinLimitOptions { PerIdentity = 100, PerAddress = 2, PerAddressAndMinute = 1 });
        using var first = await JoinAsync(server, "alice", "PS-ZZZZZZ");
        using var second = await JoinAsync(server, "bob", "PS-ZZZZZY");
        Assert.Equal(HttpStatusCode.NotFound, second.StatusCode);
        using var third = await JoinAsync(server, "alice", "PS-ZZZZZX");
        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        Assert.Equal("60", Assert.Single(third.Headers.GetValues("Retry-After")));
    }

    [Fact]
    public async Task OutcomesOfAuthenticationAreCounted()
    {
        await using var server = await StartAsync();
        foreach (var header in (string?[])[null, "Bearer alice", "Bearer garbage", "Bearer expired", "Bearer unavailable"])
        {
            using var response = await server.SendAsync(HttpMethod.Get, Network, header);
        }

        var page = await PrometheusPage.ScrapeAsync(server);
        foreach (var outcome in (string[])["missing", "valid", "invalid", "expired", "unavailable"])
        {
            Assert.Equal(1, page.Value("peersync_authentications_total", ("surface", "http"), ("outcome", outcome)));
        }
    }

    private static async Task<HttpTestServer> StartAsync(JoinLimitOptions? limits = null)
    {
        var server = await HttpTestServer.StartAsync(new HttpTestSetup
        {
            JoinLimits = limits ?? new JoinLimitOptions(),
            ExpectedLogs = ["StorageUnavailable"],
        });
        server.Tokens.Add("alice", "alice");
        server.Tokens.Add("bob", "bob");
        server.Tokens["expired"] = TokenVerification.Expired;
        server.Tokens["unavailable"] = TokenVerification.Unavailable;
        return server;
    }

    private static async Task<(string Id, string InviteCode)> CreateAsync(HttpTestServer server, string token)
    {
        using var response = await server.SendAsync(HttpMethod.Post, Network, token);
        using var network = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return (network.RootElement.GetProperty("id").GetString()!, network.RootElement.GetProperty("inviteCode").GetString()!);
    }

    private static async Task<HttpResponseMessage> JoinAsync(HttpTestServer server, string token, string inviteCode)
    {
        using var content = new StringContent(
            $$"""{"inviteCode":"{{JsonEncodedText.Encode(inviteCode)}}"}""", Encoding.UTF8, "application/json");
        return await server.SendAsync(HttpMethod.Post, Join, token, content);
    }
}
