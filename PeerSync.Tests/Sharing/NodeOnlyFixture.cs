using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sharing;

/// <summary>Node without packages: what it brings itself is enough.</summary>
public sealed class NodeOnlyFixture : NodeFixture
{
    /// <inheritdoc />
    protected override string[] PrepareInstall() => ["--version"];
}
