using System.Net.Http.Json;
using System.Text.Json.Nodes;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Rooms;

/// <summary>A client of the Rooms feature on a real socket, of whatever form its frames are.</summary>
internal sealed class RoomsClient : IAsyncDisposable
{
    private RoomsClient(SocketClient socket) => Socket = socket;

    internal SocketClient Socket { get; }

    /// <param name="host">The server.</param>
    /// <param name="path">Where it listens.</param>
    /// <param name="from">The client address that a proxy tells of; null for the client's own.</param>
    internal static async Task<RoomsClient> ConnectAsync(PeerSyncTestHost host, string path = "/", string? from = null) =>
        new(await host.ConnectAsync(path, options => options.SetRequestHeader("X-Forwarded-For", from)));

    /// <summary>Has a token made.</summary>
    internal static async Task<string> TokenAsync(PeerSyncTestHost host, string userId, string roomId)
    {
        using var response = await host.Http.PostAsJsonAsync("/api/auth/token", new { userId, roomId }, PeerSyncTestHost.Cancel);
        response.EnsureSuccessStatusCode();
        return (string)(await response.Content.ReadFromJsonAsync<JsonObject>(PeerSyncTestHost.Cancel))!["token"]!;
    }

    internal static Task<RoomsClient> EnterLeanAsync(PeerSyncTestHost host, string roomId, string userId, string? name = null, bool expectsList = true) =>
        EnterAsync(host, $$$"""{"type":"auth","roomId":"{{{roomId}}}","from":"{{{userId}}}","data":{"name":"{{{name ?? userId}}}"}}""", expectsList ? 1 : 0);

    internal static Task<RoomsClient> EnterCollaborationAsync(PeerSyncTestHost host, string roomId, string userId) =>
        EnterAsync(
            host,
            $$$"""{"type":"join-room","roomId":"{{{roomId}}}","userId":"{{{userId}}}","data":{"roomId":"{{{roomId}}}","userId":"{{{userId}}}","userName":"{{{userId}}}"},"timestamp":1}""",
            1);

    internal static async Task<RoomsClient> AuthenticateReadmeAsync(PeerSyncTestHost host, string roomId, string userId)
    {
        var client = await ConnectAsync(host);
        await client.SendAsync($$$"""{"type":"auth","roomId":"{{{roomId}}}","userId":"{{{userId}}}","data":{"token":"{{{await TokenAsync(host, userId, roomId)}}}"},"timestamp":1}""");
        await client.ExpectAsync($$$"""{"type":"auth","roomId":"{{{roomId}}}","userId":"{{{userId}}}","data":{"status":"authenticated","message":"User properly connected to authorized room"}}""");
        return client;
    }

    internal static async Task<RoomsClient> EnterSyncServiceAsync(PeerSyncTestHost host, string roomId, string userId)
    {
        var client = await ConnectAsync(host);
        await client.SendAsync($$$"""{"type":"auth","data":{"token":"{{{await TokenAsync(host, userId, roomId)}}}","userId":"{{{userId}}}","roomId":"{{{roomId}}}"}}""");
        await client.SendAsync($$$"""{"type":"join-room","data":{"roomId":"{{{roomId}}}","userName":"{{{userId}}}"}}""");
        await client.ExpectTypeAsync("auth");
        await client.ExpectAsync($$$"""{"type":"sync","data":{"content":"","version":0,"sessionId":"{{{roomId}}}"}}""");
        return client;
    }

    internal static async Task<RoomsClient> EnterWorkbenchAsync(PeerSyncTestHost host, string roomId, string userId)
    {
        var client = await ConnectAsync(host);
        await client.SendAsync($$$"""{"type":"auth","data":{"roomId":"{{{roomId}}}","userId":"{{{userId}}}","userName":"{{{userId}}}","token":null}}""");
        await client.SendAsync($$$"""{"type":"join-room","data":{"roomId":"{{{roomId}}}","userId":"{{{userId}}}","userName":"{{{userId}}}"}}""");
        await client.ExpectAsync($$$"""{"type":"auth-success","data":{"userId":"{{{userId}}}"}}""");
        await client.ExpectAsync($$$"""{"type":"room-joined","data":{"roomId":"{{{roomId}}}","userId":"{{{userId}}}","userName":"{{{userId}}}"}}""");
        return client;
    }

    internal Task SendAsync(string frame) => Socket.SendAsync(frame);

    /// <summary>The next frame, which must be this but for its time.</summary>
    internal async Task ExpectAsync(string expected)
    {
        var received = await ReceiveAsync();
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), received), $"Expected {expected}, received {received.ToJsonString()}");
    }

    /// <summary>The next frame, which must be of this type.</summary>
    internal async Task<JsonObject> ExpectTypeAsync(string type)
    {
        var received = await ReceiveAsync();
        Assert.True((string?)received["type"] == type, $"Expected {type}, received {received.ToJsonString()}");
        return received;
    }

    /// <summary>The type of the next frame.</summary>
    internal async Task<string?> TypeAsync() => (string?)(await ReceiveAsync())["type"];

    internal async Task ExpectErrorAsync(string text) => Assert.Equal(text, (string?)(await ExpectTypeAsync("error"))["data"]!["error"]);

    internal Task ExpectSilenceAsync() => Socket.ExpectSilenceAsync();

    public ValueTask DisposeAsync() => Socket.DisposeAsync();

    private static async Task<RoomsClient> EnterAsync(PeerSyncTestHost host, string frame, int answers)
    {
        var client = await ConnectAsync(host);
        await client.SendAsync(frame);
        for (var i = 0; i < answers; i++)
        {
            await client.ReceiveAsync();
        }

        return client;
    }

    private async Task<JsonObject> ReceiveAsync()
    {
        var frame = JsonNode.Parse(await Socket.ReceiveAsync("a frame"))!.AsObject();
        frame.Remove("timestamp");
        return frame;
    }
}
