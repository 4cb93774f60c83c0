using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sharing;

/// <summary>Bodies that are not what the routes need: none of them does anything, and each is told the same.</summary>
public sealed class TeamsRobustnessTests(SharingHostFixture fixture) : IClassFixture<SharingHostFixture>
{
    private const int SmallLimit = 32 * 1024;

    private static readonly string Key = TestDeviceKey.New().Json;

    // Of each kind of value one, and the texts that no database keeps.
    private static readonly string[] Values = ["null", "true", "5", "-1", "1.5", "1e999", "[]", "{}", "\"\"", "\"a\\u0000b\"", "\"a\\ud800\"", "\"\\udc00b\""];

    public static TheoryData<string, string, string> Bodies { get; } = new()
    {
        { "POST", "keys/register", """{"deviceId":"d","encryptionPublicKeyJwk":<key>,"signingPublicKeyJwk":{"kty":"x"},"algorithm":"a"}""" },
        { "POST", "keys/pairing/init", """{"deviceId":"d","ivB64u":"AAAA","ciphertextB64u":"AA","ttlMs":1000}""" },
        { "POST", "keys/pairing/claim", """{"token":"abc"}""" },
        { "POST", "teams", """{"name":"New"}""" },
        { "PATCH", "teams/<team>", """{"name":"New","retentionDays":30}""" },
        { "POST", "teams/<team>/transfer", """{"userId":"abc"}""" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Broken_bodies_are_refused(string method, string route, string body)
    {
        var (user, path, valid) = await PrepareAsync(route, body);
        for (var length = 0; length < valid.Length; length++)
        {
            await RefuseAsync(method, path, user, valid[..length], $"cut after {length}");
        }

        var random = new Random(7);
        for (var i = 0; i < 50; i++)
        {
            var bytes = new byte[random.Next(1, 200)];
            random.NextBytes(bytes);
            await RefuseAsync(method, path, user, bytes, $"random {i}");
            var changed = (byte[])valid.Clone();
            changed[random.Next(changed.Length)] = 0xFF;
            await RefuseAsync(method, path, user, changed, $"changed {i}");
        }

        foreach (var text in new[] { "[]", "null", "5", "\"a\"", $"[{Encoding.UTF8.GetString(valid)}]", Deep(10_000), "{\"a\":" + Deep(100) + "}" })
        {
            await RefuseAsync(method, path, user, Encoding.UTF8.GetBytes(text), text);
        }
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Members_of_other_kinds_are_refused(string method, string route, string body)
    {
        var (user, path, valid) = await PrepareAsync(route, body);
        var members = JsonNode.Parse(valid)!.AsObject().Select(static member => member.Key).ToList();
        foreach (var member in members)
        {
            foreach (var value in Values.Where(value => !IsAllowed(member, value)))
            {
                var changed = JsonNode.Parse(valid)!.AsObject();
                changed[member] = "<value>";
                var text = changed.ToJsonString().Replace("\"\\u003Cvalue\\u003E\"", value, StringComparison.Ordinal);
                await RefuseAsync(method, path, user, Encoding.UTF8.GetBytes(text), $"{member} {value}");
            }

            if (!IsOptional(member) && method != "PATCH")
            {
                var without = JsonNode.Parse(valid)!.AsObject();
                Assert.True(without.Remove(member));
                await RefuseAsync(method, path, user, Encoding.UTF8.GetBytes(without.ToJsonString()), $"without {member}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Oversized_bodies_are_refused(string method, string route, string body)
    {
        var (user, path, valid) = await PrepareAsync(route, body);
        foreach (var isChunked in new[] { false, true })
        {
            var large = new byte[SmallLimit + 1];
            valid.CopyTo(large, 0);
            large.AsSpan(valid.Length).Fill((byte)' ');
            using var content = new ByteArrayContent(large);
            using var response = await SendAsync(method, path, user, content, isChunked);
            Assert.Equal(413, (int)response.StatusCode);
            Assert.Equal("""{"error":"Body too large"}""", await response.Content.ReadAsStringAsync(PeerSyncTestHost.Cancel));
        }
    }

    [Fact]
    public async Task Long_members_are_refused()
    {
        var user = await fixture.NewUserAsync("long");
        foreach (var (route, body) in new[]
        {
            ("keys/register", $$"""{"deviceId":"{{Long(129)}}","encryptionPublicKeyJwk":{{Key}}}"""),
            ("keys/register", $$"""{"deviceId":"d","encryptionPublicKeyJwk":{{Key}},"algorithm":"{{Long(65)}}"}"""),
            ("keys/register", $$$"""{"deviceId":"d","encryptionPublicKeyJwk":{{{Key}}},"signingPublicKeyJwk":{"x":"{{{Long(2048)}}}"}}"""),
            ("keys/register", $$$"""{"deviceId":"d","encryptionPublicKeyJwk":{{{Key[..^1]}}},"x5c":"{{{Long(2048)}}}"}}"""),
            ("keys/pairing/init", $$"""{"deviceId":"{{Long(129)}}","ivB64u":"AA","ciphertextB64u":"AA"}"""),
            ("keys/pairing/init", $$"""{"deviceId":"d","ivB64u":"{{Long(257)}}","ciphertextB64u":"AA"}"""),
            ("keys/pairing/init", $$"""{"deviceId":"d","ivB64u":"AA","ciphertextB64u":"{{Long(16_385)}}"}"""),
            ("keys/pairing/claim", $$"""{"token":"{{Long(1025)}}"}"""),
            ("teams", $$"""{"name":"{{Long(101)}}"}"""),
            ("teams", """{"name":"   "}"""),
        })
        {
            await RefuseAsync("POST", $"{SharingTestHost.Base}/protected/{route}", user, Encoding.UTF8.GetBytes(body), body);
        }

        var team = await fixture.NewTeamAsync(user);
        foreach (var body in new[] { "{}", """{"retentionDays":0}""", """{"retentionDays":3651}""", """{"slug":"x"}""" })
        {
            await RefuseAsync("PATCH", $"{SharingTestHost.Base}/protected/teams/{team}", user, Encoding.UTF8.GetBytes(body), body);
        }

        static string Long(int length) => new('x', length);
    }

    private static bool IsOptional(string member) => member is "signingPublicKeyJwk" or "algorithm" or "ttlMs";

    private static bool IsAllowed(string member, string value) => (member, value) switch
    {
        ("signingPublicKeyJwk", "null" or "{}") => true,
        ("retentionDays", "null" or "5") => true,
        _ => false,
    };

    private static string Deep(int depth) => new string('[', depth) + new string(']', depth);

    private async Task<(SharingTestUser User, string Path, byte[] Body)> PrepareAsync(string route, string body)
    {
        var user = await fixture.NewUserAsync("user");
        var team = await fixture.NewTeamAsync(user);
        var path = $"{SharingTestHost.Base}/protected/{route.Replace("<team>", team, StringComparison.Ordinal)}";
        return (user, path, Encoding.UTF8.GetBytes(body.Replace("<key>", Key, StringComparison.Ordinal)));
    }

    private async Task RefuseAsync(string method, string path, SharingTestUser user, byte[] body, string what)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await SendAsync(method, path, user, content, isChunked: false);
        var text = await response.Content.ReadAsStringAsync(PeerSyncTestHost.Cancel);
        Assert.True((int)response.StatusCode == 400 && text == """{"error":"Invalid body"}""", $"{what}: {(int)response.StatusCode} {text}");
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path, SharingTestUser user, HttpContent content, bool isChunked)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", user.Access);
        request.Headers.TransferEncodingChunked = isChunked;
        return await fixture.Host.Http.SendAsync(request, PeerSyncTestHost.Cancel);
    }
}
