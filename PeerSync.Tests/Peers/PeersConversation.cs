using System.Text.Json;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Peers;

/// <summary>Steps that many conversations share.</summary>
internal static class PeersConversation
{
    internal static Task SendAsync(this SocketClient client, string name, string data) => client.SendAsync($$"""{"event":"{{name}}","data":{{data}}""" + "}");

    internal static string Text(this JsonElement data, string member) => data.GetProperty(member).GetString()!;

    /// <summary>The next message is presence of this user; returns the status and the mode.</summary>
    internal static async Task<(string Status, string Mode)> ExpectPresenceAsync(this SocketClient client, string userId)
    {
        var data = await client.ExpectAsync("PEER_STATUS_UPDATE");
        Assert.Equal(userId, data.Text("id"));
        return (data.Text("status"), data.Text("connectionMode"));
    }

    /// <summary>Everything that this client sent was handled by its connection.</summary>
    internal static async Task BarrierAsync(this SocketClient client)
    {
        await client.SendAsync("""{"event":"PING"}""");
        await client.ExpectAsync("PONG");
    }

    internal static async Task<string> AskAsync(SocketClient requester, SocketClient target, string targetId)
    {
        await requester.SendAsync("CONNECTION_REQUEST", $$"""{"targetId":"{{targetId}}"}""");
        return (await target.ExpectAsync("CONNECTION_REQUEST_RECEIVED")).Text("requestId");
    }

    /// <summary>A session between two registered users of the same network, or of none.</summary>
    internal static async Task<string> OpenSessionAsync(SocketClient requester, SocketClient target, string targetId)
    {
        var request = await AskAsync(requester, target, targetId);
        await target.SendAsync("CONNECTION_RESPONSE", $$"""{"requestId":"{{request}}","accepted":true}""");
        var session = (await requester.ExpectAsync("CONNECTION_ACCEPTED")).Text("sessionId");
        Assert.Equal(session, (await target.ExpectAsync("SESSION_CREATED")).Text("sessionId"));
        return session;
    }

    internal static Task SayAsync(this SocketClient client, string session, string contentJson) =>
        client.SendAsync("SEND_MESSAGE", $$"""{"sessionId":"{{session}}","content":{{contentJson}}""" + "}");

    internal static async Task HearAsync(this SocketClient client, string session, string from, string contentJson)
    {
        var data = await client.ExpectAsync("MESSAGE_RECEIVED");
        Assert.Equal((session, from, contentJson), (data.Text("sessionId"), data.Text("from"), data.GetProperty("content").GetRawText()));
    }
}
