using System.Text.Json.Nodes;

namespace PeerSync.Tests.Calls;

/// <summary>Two devices from the first packet to the end of their call.</summary>
public sealed class CallsCallTests
{
    [Fact]
    public async Task TwoDevicesMatchSpeakAndPart()
    {
        await using var host = await CallsTestHost.StartAsync();
        await using var alice = await CallsSocket.ConnectAsync(host, "alice");
        await using var bob = await CallsSocket.ConnectAsync(host, "bob");
        var session = await MatchAsync(alice, bob);
        await alice.EmitAsync("send-offer", $$$"""{"sessionId":"{{{session}}}","type":"offer","data":{"sdp":"x"}}""");
        Assert.Equal("x", (string?)(await bob.ExpectAsync("offer"))!["offer"]!["sdp"]);
        await bob.EmitAsync("send-answer", $$$"""{"sessionId":"{{{session}}}","type":"answer","data":{"sdp":"y"}}""");
        Assert.Equal("y", (string?)(await alice.ExpectAsync("answer"))!["answer"]!["sdp"]);
        await alice.EmitAsync("send-candidate", $$$"""{"sessionId":"{{{session}}}","type":"candidate","data":{"candidate":"z"}}""");
        Assert.Equal("z", (string?)(await bob.ExpectAsync("candidate"))!["candidate"]!["candidate"]);
        await bob.EmitAsync("send-message", $$"""{"sessionId":"{{session}}","message":"hello","timestamp":1}""");
        Assert.Equal("hello", (string?)(await alice.ExpectAsync("message"))!["message"]);
        await alice.EmitAsync("end-call", $$"""{"sessionId":"{{session}}"}""");
        Assert.Equal(session, (string?)(await bob.ExpectAsync("peer-disconnected"))!["sessionId"]);
        Assert.Equal(session, (string?)(await alice.ExpectAsync("call-ended"))!["sessionId"]);
        await alice.ExpectNothingAsync();
        await bob.ExpectNothingAsync();
    }

    /// <summary>Lets both join.</summary>
    /// <returns>Their session.</returns>
    internal static async Task<string> MatchAsync(CallsSocket first, CallsSocket second, string join = "{}")
    {
        await first.EmitAsync("join-queue", join);
        await first.ExpectAsync("queue-joined");
        await second.EmitAsync("join-queue", join);
        await second.ExpectAsync("queue-joined");
        var matched = await second.ExpectAsync("matched");
        Assert.True(JsonNode.DeepEquals(Without(matched), Without(await first.ExpectAsync("matched"))));
        return (string)matched!["sessionId"]!;
    }

    // The names of the partners differ.
    private static JsonObject Without(JsonNode? matched)
    {
        var rest = matched!.DeepClone().AsObject();
        rest.Remove("peerId");
        return rest;
    }
}
