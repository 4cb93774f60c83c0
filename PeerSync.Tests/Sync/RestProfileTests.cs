using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using PeerSync.Protocol.Cryptography;
using PeerSync.Tests.Http;
using PeerSync.Tests.TestKit;
using ManualTimeProvider = PeerSync.Tests.TestKit.ManualTimeProvider;

namespace PeerSync.Tests.Sync;

/// <summary>Profiles: what is signed, what is refused in which order, and what is kept.</summary>
public sealed class RestProfileTests
{
    private readonly TestUser _alice = TestUser.New();

    private static CancellationToken Cancel => PeerSyncTestHost.Cancel;

    [Fact]
    public async Task A_profile_is_made_on_the_first_read_with_every_member()
    {
        await using var host = await RestTestHost.StartAsync();
        host.Opened(_alice);
        using var unknown = await host.SendAsync(HttpMethod.Get, "/api/user/profile", _alice);
        await host.ConnectAsync(_alice, Guid.NewGuid());
        using var response = await host.SendAsync(HttpMethod.Get, "/api/user/profile", _alice);

        await HttpAssert.JsonAsync(unknown, HttpStatusCode.NotFound, """{"error":"User not found"}""");
        var profile = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!.AsObject();
        Assert.Equal(
            ["user_id", "display_name", "email", "avatar_url", "preferences", "onboarding_completed", "created_at", "updated_at", "last_seen"],
            profile.Select(static member => member.Key));
        Assert.Null(profile["display_name"]);
        Assert.Equal("{}", profile["preferences"]!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"display_name":"Alice","email":"alice@example.com","preferences":{"theme":"dark","notifications":true,"autoSync":false}}""", null)]
    [InlineData("""{"preferences":{"theme":"dark","autoSync":true,"notifications":true}}""", null)]
    [InlineData("""{"preferences":{"theme":"blue","other":1}}""", """{"preferences":{}}""")]
    [InlineData("""{"email":""}""", """{"email":null}""")]
    [InlineData("""{"email":null}""", null)]
    [InlineData("""{"display_name":"Zo\u00eb <b>&'/\\ \u2028"}""", "{\"display_name\":\"Zo\u00eb <b>&'/\\\\ \u2028\"}")]
    public async Task A_change_signed_as_sent_or_as_normalised_is_taken(string updates, string? signedText)
    {
        await using var host = await RestTestHost.StartAsync();
        await host.ConnectAsync(_alice, Guid.NewGuid());
        var timestamp = host.Now.ToUnixTimeMilliseconds();

        using var response = await host.SendAsync(HttpMethod.Post, "/api/user/profile", _alice, Signed(updates, timestamp, signedText));

        var body = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.StatusCode == HttpStatusCode.OK, body);
        Assert.True(JsonNode.Parse(body)!["success"]!.GetValue<bool>());
    }

    [Fact]
    public async Task What_was_given_is_kept_and_preferences_come_back_in_the_order_that_is_signed()
    {
        await using var host = await RestTestHost.StartAsync();
        await host.ConnectAsync(_alice, Guid.NewGuid());
        var name = new string('n', 120);
        using var first = await host.SendAsync(
            HttpMethod.Post,
            "/api/user/profile",
            _alice,
            Signed($$$"""{"display_name":"{{{name}}}","email":"a@b.c","preferences":{"autoSync":true,"theme":"auto","notifications":false}}""", Now(host)));
        using var second = await host.SendAsync(HttpMethod.Post, "/api/user/profile", _alice, Signed("""{"email":null}""", Now(host)));

        var profile = JsonNode.Parse(await second.Content.ReadAsStringAsync(Cancel))!["profile"]!;
        Assert.Equal(new string('n', 100), profile["display_name"]!.GetValue<string>());
        Assert.Null(profile["email"]);
        Assert.Equal("""{"theme":"auto","notifications":false,"autoSync":true}""", profile["preferences"]!.ToJsonString());
    }

    [Fact]
    public async Task A_signed_change_is_taken_once_and_only_from_its_signer()
    {
        await using var host = await RestTestHost.StartAsync();
        var bob = TestUser.New();
        await host.ConnectAsync(_alice, Guid.NewGuid());
        await host.ConnectAsync(bob, Guid.NewGuid());
        var body = Signed("""{"display_name":"Alice"}""", Now(host));

        using var foreign = await host.SendAsync(HttpMethod.Post, "/api/user/profile", bob, body);
        using var first = await host.SendAsync(HttpMethod.Post, "/api/user/profile", _alice, body);
        using var replayed = await host.SendAsync(HttpMethod.Post, "/api/v1/user/profile", _alice, body);

        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, replayed.StatusCode);
        Assert.Equal("INVALID_SIGNATURE", JsonNode.Parse(await replayed.Content.ReadAsStringAsync(Cancel))!["code"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_change_needs_no_session_because_it_is_signed_over_the_id_as_it_was_sent()
    {
        await using var host = await RestTestHost.StartAsync();
        await host.Directory.LogInAsync(Guid.NewGuid(), _alice.Id, null, null, Cancel);
        var upper = _alice with { Id = _alice.Id.ToUpperInvariant() };

        using var response = await host.SendAsync(HttpMethod.Post, "/api/user/profile", upper, Signed("""{"display_name":"A"}""", Now(host), null, upper));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("{}", "SIGNATURE_REQUIRED", null)]
    [InlineData("""{"signature":"x"}""", "TIMESTAMP_REQUIRED", null)]
    [InlineData("""{"signature":"x","timestamp":"1"}""", "TIMESTAMP_REQUIRED", null)]
    [InlineData("""{"signature":"x","timestamp":OLD}""", "TIMESTAMP_EXPIRED", null)]
    [InlineData("""{"signature":"x","timestamp":FUTURE}""", "TIMESTAMP_EXPIRED", null)]
    [InlineData("""{"signature":"x","timestamp":NOW,"display_name":5}""", null, "display_name must be a string")]
    [InlineData("""{"signature":"x","timestamp":NOW,"display_name":"  "}""", null, "display_name cannot be empty after sanitization")]
    [InlineData("""{"signature":"x","timestamp":NOW,"email":5}""", null, "email must be a string or null")]
    [InlineData("""{"signature":"x","timestamp":NOW,"email":"a@b"}""", null, "Invalid email format")]
    [InlineData("""{"signature":"x","timestamp":NOW,"preferences":[]}""", null, "preferences must be an object")]
    [InlineData("""{"signature":"x","timestamp":NOW}""", null, "No valid updates provided")]
    public async Task What_is_wrong_is_said_in_the_contracts_order(string body, string? code, string? error)
    {
        await using var host = await RestTestHost.StartAsync(time: new ManualTimeProvider());
        body = body
            .Replace("OLD", $"{Now(host) - 300_001}", StringComparison.Ordinal)
            .Replace("FUTURE", $"{Now(host) + 30_001}", StringComparison.Ordinal)
            .Replace("NOW", $"{Now(host)}", StringComparison.Ordinal);

        using var response = await host.SendAsync(HttpMethod.Post, "/api/user/profile", _alice, body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!;
        Assert.Equal(code, answer["code"]?.GetValue<string>());
        if (error is not null)
        {
            Assert.Equal(error, answer["error"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task The_introduction_ends_by_a_signature_of_its_own()
    {
        await using var host = await RestTestHost.StartAsync();
        await host.ConnectAsync(_alice, Guid.NewGuid());
        var timestamp = Now(host);
        var signature = Sign(_alice, timestamp, "onboarding_complete");
        const string Path = "/api/user/profile/onboarding-complete";

        using var missing = await host.SendAsync(HttpMethod.Post, Path, _alice, "{}");
        using var old = await host.SendAsync(HttpMethod.Post, Path, _alice, """{"signature":"x","timestamp":1}""");
        using var wrong = await host.SendAsync(HttpMethod.Post, Path, _alice, $$"""{"signature":"{{signature}}","timestamp":{{timestamp + 1}}}""");
        using var done = await host.SendAsync(HttpMethod.Post, Path, _alice, $$"""{"signature":"{{signature}}","timestamp":{{timestamp}}}""");
        using var profile = await host.SendAsync(HttpMethod.Get, "/api/user/profile", _alice);

        await HttpAssert.JsonAsync(missing, HttpStatusCode.BadRequest, """{"error":"Signature and timestamp required","code":"SIGNATURE_REQUIRED"}""");
        Assert.Equal(HttpStatusCode.BadRequest, old.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, wrong.StatusCode);
        await HttpAssert.JsonAsync(done, HttpStatusCode.OK, """{"success":true}""");
        Assert.True(JsonNode.Parse(await profile.Content.ReadAsStringAsync(Cancel))!["onboarding_completed"]!.GetValue<bool>());
    }

    private static long Now(RestTestHost host) => host.Now.ToUnixTimeMilliseconds();

    /// <summary>The updates with timestamp and signature behind them, as the web client sends them.</summary>
    private string Signed(string updates, long timestamp, string? signedText = null, TestUser? signer = null)
    {
        var text = signedText ?? JsonNode.Parse(updates)!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        return $$"""{{updates[..^1]}},"signature":"{{Sign(signer ?? _alice, timestamp, text)}}","timestamp":{{timestamp}}}""";
    }

    private static string Sign(TestUser user, long timestamp, string text)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{user.Id}{timestamp}{text}"))));
        return Convert.ToHexStringLower(Ed25519.Sign(user.Seed, Encoding.ASCII.GetBytes(digest)));
    }
}
