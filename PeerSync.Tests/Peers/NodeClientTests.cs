using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Peers;

/// <summary>A client that shares no code with the server, nor with its tests.</summary>
public sealed class NodeClientTests(NodeClientFixture node) : IClassFixture<NodeClientFixture>
{
    [Fact]
    public async Task AWholeConversation()
    {
        Assert.SkipWhen(node.Missing is not null, node.Missing ?? string.Empty);
        await using var host = await PeerSyncTestHost.StartAsync();
        var (code, output) = await node.RunScriptAsync("Peers", "conversation.mjs", $"ws://{host.Address.Authority}/ws", host.Token("alice"), host.Token("bob"));
        Assert.True(code == 0, output);
    }
}
