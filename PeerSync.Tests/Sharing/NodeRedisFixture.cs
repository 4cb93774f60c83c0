using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sharing;

/// <summary>Node with its package <c>ioredis</c>, the extension's major version and the one after it, as the lock file beside the script names them.</summary>
public sealed class NodeRedisFixture : NodeFixture
{
    /// <inheritdoc />
    protected override string[] PrepareInstall()
    {
        foreach (var name in (string[])["package.json", "package-lock.json"])
        {
            File.Copy(Path.Combine(AppContext.BaseDirectory, "Sharing", "Node", name), Path.Combine(Folder, name));
        }

        return ["ci", "--no-audit", "--no-fund", "--prefix", Folder];
    }
}
