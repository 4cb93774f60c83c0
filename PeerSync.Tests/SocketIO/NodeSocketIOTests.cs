using PeerSync.Actors.SocketIO;
using PeerSync.Bench.SocketIO;
using PeerSync.Host.SocketIO;

namespace PeerSync.Tests.SocketIO;

/// <summary>The client that pages use, in its three settings of transports.</summary>
public sealed class NodeSocketIOTests(NodeSocketIOFixture node) : IClassFixture<NodeSocketIOFixture>
{
    public static TheoryData<string> Transports { get; } = ["polling", "polling,websocket", "websocket"];

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_whole_conversation(string transports)
    {
        Assert.SkipWhen(node.Missing is not null, node.Missing ?? string.Empty);
        await using var host = await EchoHost.StartAsync();
        var (code, output) = await node.RunScriptAsync("SocketIO", "client.mjs", Url(host), transports, "conversation");
        Assert.True(code == 0, output);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_client_comes_back_when_the_server_does(string transports)
    {
        Assert.SkipWhen(node.Missing is not null, node.Missing ?? string.Empty);
        var application = new ScriptedApplication();
        var options = new SocketIOEchoOptions { Namespaces = new Dictionary<string, ISocketIOApplication> { ["/custom"] = application } };
        Task<(int Code, string Output)> script;
        int port;
        await using (var first = await EchoHost.StartAsync(options))
        {
            port = first.Address.Port;
            script = node.RunScriptAsync("SocketIO", "client.mjs", Url(first), transports, "restart");
            var socket = await application.SocketAsync();
            await application.ExpectAsync<SocketIOConnecting>();
            socket.Accept();
            socket.Start();
            var ready = await application.ExpectAsync<SocketIOEvent>();
            Assert.True(ready.IsNamed("ready"u8));
            ready.Complete();
        }

        await application.ExpectAsync<SocketIODisconnected>();
        await using var second = await EchoHost.StartAsync(options with { Port = port });
        var again = await application.SocketAsync();
        again.Accept();
        again.Start();
        again.Emit("\"welcome-back\""u8, default);
        var (code, output) = await script;
        Assert.True(code == 0, output);
    }

    private static string Url(EchoHost host) => $"http://{host.Address.Authority}";
}
