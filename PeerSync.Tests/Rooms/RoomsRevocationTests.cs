using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Rooms;

/// <summary>Tokens that end before their time (docs/spec/rooms.md, section 3).</summary>
public sealed class RoomsRevocationTests
{
    private const string InvalidToken = "Invalid or expired token";

    [Fact]
    public async Task WhoEnteredWithATokenIsPutOutWhenItIsRevokedAndDoesNotComeBackWithIt()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var bob = await RoomsClient.AuthenticateReadmeAsync(host, "r", "bob");
        await bob.SendAsync("""{"type":"create-room","userId":"bob","roomId":"r"}""");
        await bob.ExpectTypeAsync("room-created");
        var token = await RoomsClient.TokenAsync(host, "eve", "r");
        await using var eve = await EnterAsync(host, token, joins: true);
        await using var outside = await EnterAsync(host, token, joins: false);
        await bob.ExpectTypeAsync("peer-joined");

        Assert.True((bool)(await RevokeAsync(host, new { token }, HttpStatusCode.OK))["wasMember"]!);

        await bob.ExpectAsync("""{"type":"peer-left","roomId":"r","userId":"eve"}""");
        await eve.ExpectErrorAsync(InvalidToken);
        Assert.Equal((4003, "token revoked"), await eve.Socket.WaitForCloseAsync());
        await outside.SendAsync("""{"type":"join-room","userId":"eve","roomId":"r"}""");
        await outside.ExpectErrorAsync(InvalidToken);
        await outside.SendAsync($$$"""{"type":"auth","userId":"eve","roomId":"r","data":{"token":"{{{token}}}"}}""");
        await outside.ExpectErrorAsync(InvalidToken);
        await bob.ExpectSilenceAsync();
    }

    [Fact]
    public async Task ARevocationOutlivesTheServer()
    {
        var folder = Directory.CreateTempSubdirectory("peersync-revoked-").FullName;
        try
        {
            var settings = $"peersync.data-directory = \"{folder}\"";
            string revoked;
            string good;
            await using (var host = await PeerSyncTestHost.StartAsync(settings))
            {
                revoked = await RoomsClient.TokenAsync(host, "eve", "r");
                good = await RoomsClient.TokenAsync(host, "eve", "r");
                await RevokeAsync(host, new { token = revoked }, HttpStatusCode.OK);
            }

            await using var again = await PeerSyncTestHost.StartAsync(settings);
            Assert.False(await IsValidAsync(again, revoked));
            Assert.True(await IsValidAsync(again, good));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task TheOperatorRevokesByTheIdThatTheAuditTrailNames()
    {
        await using var host = await PeerSyncTestHost.StartAsync("peersync.rooms.admin-key = the-operators-key");
        var token = await RoomsClient.TokenAsync(host, "eve", "r");
        await using var eve = await EnterAsync(host, token, joins: false);
        await eve.SendAsync("""{"type":"create-room","userId":"eve","roomId":"r"}""");
        await eve.ExpectTypeAsync("room-created");
        var tokenId = (string)JsonNode.Parse(Convert.FromBase64String(Padded(token.Split('.')[1])))!["jti"]!;

        await RevokeAsync(host, new { tokenId, roomId = "r" }, HttpStatusCode.Unauthorized);
        await RevokeAsync(host, new { tokenId, roomId = "r" }, HttpStatusCode.Unauthorized, "a-guess");
        await RevokeAsync(host, new { roomId = "r" }, HttpStatusCode.BadRequest, "the-operators-key");
        Assert.True(await IsValidAsync(host, token));
        await RevokeAsync(host, new { tokenId, roomId = "r" }, HttpStatusCode.OK, "the-operators-key");

        await eve.ExpectErrorAsync(InvalidToken);
        Assert.False(await IsValidAsync(host, token));
        await RevokeAsync(host, new { token = "e30.e30.AA" }, HttpStatusCode.Unauthorized);
    }

    private static string Padded(string base64Url) =>
        base64Url.Replace('-', '+').Replace('_', '/').PadRight((base64Url.Length + 3) / 4 * 4, '=');

    private static async Task<RoomsClient> EnterAsync(PeerSyncTestHost host, string token, bool joins)
    {
        var client = await RoomsClient.ConnectAsync(host);
        await client.SendAsync($$$"""{"type":"auth","userId":"eve","roomId":"r","data":{"token":"{{{token}}}"}}""");
        await client.ExpectTypeAsync("auth");
        if (joins)
        {
            await client.SendAsync("""{"type":"join-room","userId":"eve","roomId":"r"}""");
            await client.ExpectTypeAsync("room-joined");
        }

        return client;
    }

    private static async Task<JsonObject> RevokeAsync(PeerSyncTestHost host, object body, HttpStatusCode status, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/revoke") { Content = JsonContent.Create(body) };
        if (key is not null)
        {
            request.Headers.Add("X-Admin-API-Key", key);
        }

        using var response = await host.Http.SendAsync(request, PeerSyncTestHost.Cancel);
        Assert.Equal(status, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonObject>(PeerSyncTestHost.Cancel))!;
    }

    private static async Task<bool> IsValidAsync(PeerSyncTestHost host, string token)
    {
        using var response = await host.Http.PostAsJsonAsync("/api/auth/validate", new { userId = "eve", roomId = "r", token }, PeerSyncTestHost.Cancel);
        return (bool)(await response.Content.ReadFromJsonAsync<JsonObject>(PeerSyncTestHost.Cancel))!["valid"]!;
    }
}
