using PeerSync.Tests.Peers;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sync;

/// <summary>A client that shares no code with the server, nor with its tests, and brings its own cryptography.</summary>
public sealed class SyncNodeClientTests(NodeClientFixture node) : IClassFixture<NodeClientFixture>
{
    [Fact]
    public async Task AWholeConversation()
    {
        Assert.SkipWhen(node.Missing is not null, node.Missing ?? string.Empty);
        await using var host = await PeerSyncTestHost.StartAsync();
        var (code, output) = await node.RunScriptAsync("Sync", "sync-conversation.mjs", host.Address.GetLeftPart(UriPartial.Authority));
        Assert.True(code == 0, output);
    }
}
