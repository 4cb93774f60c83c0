using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.SocketIO;

/// <summary>Node with its package <c>socket.io-client</c>, in the versions that the lock file beside the script names.</summary>
public sealed class NodeSocketIOFixture : NodeFixture
{
    /// <summary>The client as a script for pages.</summary>
    internal Task<string> ReadClientAsync() => File.ReadAllTextAsync(Path.Combine(Folder, "node_modules", "socket.io-client", "dist", "socket.io.min.js"));

    /// <inheritdoc />
    protected override string[] PrepareInstall()
    {
        foreach (var name in (string[])["package.json", "package-lock.json"])
        {
            File.Copy(Path.Combine(AppContext.BaseDirectory, "SocketIO", "Node", name), Path.Combine(Folder, name));
        }

        return ["ci", "--no-audit", "--no-fund", "--prefix", Folder];
    }
}
