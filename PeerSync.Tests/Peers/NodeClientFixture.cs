using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Peers;

/// <summary>Node with its package <c>ws</c>.</summary>
public sealed class NodeClientFixture : NodeFixture
{
    /// <inheritdoc />
    protected override string[] PrepareInstall() => ["install", "--no-audit", "--no-fund", "--prefix", Folder, "ws@8"];
}
