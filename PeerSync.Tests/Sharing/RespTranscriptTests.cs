using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PeerSync.Tests.Sharing;

/// <summary>The extension's connection to Redis as it was recorded, with the requests that cause its events, against this server.</summary>
public sealed partial class RespTranscriptTests
{
    private const string Name = "realtime_resp_subscribe";
    private const string Quiet = "ping";

    private static readonly JsonSerializerOptions AsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // From 1. What the original answered with an error that its clients swallow is done here.
    private static readonly int[] SetInfo = [4, 6];

    // Invitations can be revoked, so they have a name.
    private const int Invitation = 15;

    // Into a team that does not exist nothing is shared (contract, section 12, flaw 4).
    private const int ShareIntoNowhere = 25;
    private const int MessageFromNowhere = 26;

    // Whoever is removed is told, and so is everybody else (contract, section 4).
    private const int AfterRemoval = 35;

    [Fact]
    public async Task TheRecordedConnectionIsServed()
    {
        await using var host = await SharingTestHost.StartAsync(SharingFeedFixture.Settings + "\npeersync.sharing.feed.shared-payloads = full");
        var (alice, bob) = (await host.LogInAsync("Alice Doe"), await host.LogInAsync("Bob Roe"));
        var (_, teams) = await host.CallAsync(HttpMethod.Get, "teams/me", alice);
        var key = TestDeviceKey.New();
        var transcript = new SharingTranscript(Name, host)
            .With("aliceAccess", alice.Access)
            .With("aliceId", alice.Id)
            .With("aliceTeamId", (string)teams!["teams"]![0]!["id"]!)
            .With("aliceX", key.X)
            .With("aliceY", key.Y)
            .With("bobAccess", bob.Access)
            .With("bobId", bob.Id)
            .Deviating(
                Invitation, "section 12, flaw 15", 200, """{"token":"<inviteToken>","id":"<inviteId>","expiresAt":"<time:iso>","link":"<inviteLink>"}""")
            .Deviating(ShareIntoNowhere, "section 12, flaw 4", 403, """{"error":"Forbidden"}""");
        await using var client = await RespClient.ConnectAsync(host.Server.Server.RespAddress!);
        Assert.Equal("OK", await client.AskAsync("auth", SharingFeedFixture.Password));
        var file = Path.Combine(AppContext.BaseDirectory, "Sharing", "Transcripts", Name + ".jsonl");
        var lines = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
        for (var line = 1; line <= lines.Length; line++)
        {
            var (number, step) = (line, JsonNode.Parse(lines[line - 1])!.AsObject());
            if (step.ContainsKey("conn"))
            {
                transcript.Before(number, () => ReplayAsync(client, transcript, number, step));
            }
        }

        await transcript.ReplayAsync();
    }

    [GeneratedRegex("<([A-Za-z0-9]+)>")]
    private static partial Regex Variable();

    private static async Task ReplayAsync(RespClient client, SharingTranscript transcript, int line, JsonObject step)
    {
        switch ((string)step["dir"]!)
        {
            case "send":
                await client.SendAsync([.. step["resp"]!.AsArray().Select(static word => (string)word!)]);
                break;
            case "recv" when SetInfo.Contains(line):
                Assert.Equal("OK", await client.ReadAsync());
                break;
            case "recv" when line == MessageFromNowhere:
                await ExpectNothingAsync(client);
                break;
            case "recv" when step["json"] is { } json:
                var expected = Variable().Replace(json.ToJsonString(AsWritten), match => transcript[match.Groups[1].Value]);
                Assert.Equal(expected, await client.NextMessageAsync());
                break;
            case "recv":
                await ExpectAsync(client, step["resp"]!);
                break;
            case "note" when line == AfterRemoval:
                Assert.Equal(
                    $$$"""{"event":"team:memberRemoved","payload":{"teamId":"{{{transcript["aliceTeamId"]}}}","userId":"{{{transcript["bobId"]}}}"}}""",
                    await client.NextMessageAsync());
                break;
            case "note":
                await ExpectNothingAsync(client);
                break;
            case "close":
                await client.WaitForEndAsync();
                break;
        }
    }

    private static async Task ExpectAsync(RespClient client, JsonNode expected)
    {
        var actual = await client.ReadAsync();
        switch (expected)
        {
            case JsonArray values:
                Assert.Equal(
                    values.Select(static value => value!.GetValueKind() == JsonValueKind.Number ? (object)(long)value : (string)value!),
                    Assert.IsType<object?[]>(actual));
                break;
            case JsonObject named when named["error"] is { } error:
                Assert.Equal((string)error!, Assert.IsType<RespClient.Error>(actual).Text);
                break;
            case JsonObject named:
                Assert.Equal((string)named["simple"]!, actual);
                break;
            default:
                Assert.Contains("loading:0", Assert.IsType<string>(actual), StringComparison.Ordinal);
                break;
        }
    }

    // Whatever was caused before has been published by the time its request was answered, so it would come before the answer to a ping.
    private static async Task ExpectNothingAsync(RespClient client)
    {
        Assert.Equal(["pong", Quiet], await client.AskArrayAsync("PING", Quiet));
    }
}
