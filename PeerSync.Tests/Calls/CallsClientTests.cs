using System.Text.Json;
using PeerSync.Tests.SocketIO;
using PeerSync.Tests.TestKit;
using SocketIOClient.Transport;

namespace PeerSync.Tests.Calls;

/// <summary>Clients that others wrote.</summary>
public sealed class CallsClientTests(NodeSocketIOFixture node, BrowserFixture browser) : IClassFixture<NodeSocketIOFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("polling")]
    [InlineData("polling,websocket")]
    [InlineData("websocket")]
    public async Task JavaScript(string transports)
    {
        Assert.SkipWhen(node.Missing is not null, node.Missing ?? string.Empty);
        await using var host = await CallsTestHost.StartAsync();

        var (code, output) = await node.RunScriptAsync(
            "Calls", "calls.mjs", $"http://{host.Server.Address.Authority}", transports, host.Tokens.Issue("alice"), host.Tokens.Issue("bob"));
        Assert.True(code == 0, output);
    }

    [Theory]
    [InlineData(TransportProtocol.Polling)]
    [InlineData(TransportProtocol.WebSocket)]
    public async Task DotNet(TransportProtocol transport)
    {
        await using var host = await CallsTestHost.StartAsync();
        using var alice = Client("alice");
        using var bob = Client("bob");
        var connected = Task.WhenAll(NextAsync(alice, "connected"), NextAsync(bob, "connected"));
        await alice.ConnectAsync();
        await bob.ConnectAsync();
        await connected.WaitAsync(Patience);
        var matched = Task.WhenAll(NextAsync(alice, "matched"), NextAsync(bob, "matched"));
        await alice.EmitAsync("join-queue", new { region = "global", language = "en", gender = "" });
        await bob.EmitAsync("join-queue", new { region = "global", language = "en", gender = "" });
        var sessions = (await matched.WaitAsync(Patience)).Select(static argument => argument.GetProperty("sessionId").GetString()).Distinct();
        var sessionId = Assert.Single(sessions);
        var offered = NextAsync(bob, "offer");
        await alice.EmitAsync("send-offer", new { sessionId, type = "offer", data = new { sdp = "v=0" } });
        Assert.Equal("v=0", (await offered.WaitAsync(Patience)).GetProperty("offer").GetProperty("sdp").GetString());
        var left = NextAsync(bob, "peer-disconnected");
        await alice.EmitAsync("end-call", new { sessionId });
        Assert.Equal(sessionId, (await left.WaitAsync(Patience)).GetProperty("sessionId").GetString());
        await alice.DisconnectAsync();
        await bob.DisconnectAsync();

        SocketIOClient.SocketIO Client(string device) => new($"http://{host.Server.Address.Authority}/signaling", new SocketIOClient.SocketIOOptions
        {
            Transport = transport,
            AutoUpgrade = false,
            Auth = new Dictionary<string, string> { ["token"] = "Bearer " + host.Tokens.Issue(device) },
        });
    }

    [Fact]
    public async Task TwoBrowsersMatchAndOpenADataChannel()
    {
        Assert.SkipWhen(node.Missing is not null, node.Missing ?? string.Empty);
        await using var host = await CallsTestHost.StartAsync();
        var client = await node.ReadClientAsync();
        await using var alice = await browser.OpenAsync(Page("alice", offers: true));
        await using var bob = await browser.OpenAsync(Page("bob", offers: false));
        await alice.WaitForAsync("document.body.innerText.includes('hello from bob')", "bob's greeting on the channel");
        await bob.WaitForAsync("document.body.innerText.includes('hello from alice')", "alice's greeting on the channel");
        Assert.Empty(alice.Faults);
        Assert.Empty(bob.Faults);

        string Page(string device, bool offers) => $$"""
            <!doctype html><meta charset="utf-8"><body></body>
            <script>{{client}}</script>
            <script>
            const socket = io("http://{{host.Server.Address.Authority}}/signaling", {
              transports: ["websocket", "polling"], auth: { token: "Bearer {{host.Tokens.Issue(device)}}" } });
            const connection = new RTCPeerConnection();
            const candidates = [];
            let sessionId;
            const show = (text) => document.body.append(text, document.createElement("br"));
            const send = (event, type, data) => socket.emit(event, { sessionId, type, data });
            const use = (channel) => {
              channel.onopen = () => channel.send("hello from {{device}}");
              channel.onmessage = ({ data }) => show(data);
            };
            const take = async (description) => {
              await connection.setRemoteDescription(description);
              for (const candidate of candidates.splice(0)) await connection.addIceCandidate(candidate);
            };
            connection.onicecandidate = ({ candidate }) => candidate && send("send-candidate", "candidate", candidate.toJSON());
            connection.ondatachannel = ({ channel }) => use(channel);
            socket.on("connect", () => socket.emit("join-queue", { gender: "" }));
            socket.on("matched", async (match) => {
              sessionId = match.sessionId;
              if ({{(offers ? "true" : "false")}}) {
                use(connection.createDataChannel("chat"));
                await connection.setLocalDescription();
                send("send-offer", "offer", connection.localDescription.toJSON());
              }
            });
            socket.on("offer", async ({ offer }) => {
              await take(offer);
              await connection.setLocalDescription();
              send("send-answer", "answer", connection.localDescription.toJSON());
            });
            socket.on("answer", ({ answer }) => take(answer));
            socket.on("candidate", ({ candidate }) => connection.remoteDescription ? connection.addIceCandidate(candidate) : candidates.push(candidate));
            </script>
            """;
    }

    private static Task<JsonElement> NextAsync(SocketIOClient.SocketIO client, string name)
    {
        var next = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.On(name, response => next.TrySetResult(response.GetValue<JsonElement>().Clone()));
        return next.Task;
    }
}
