using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sharing;

/// <summary>The extension's cryptography in Node: what one editor encrypts, the other one reads.</summary>
public sealed class SharesNodeTests(SharesNodeTests.Node node) : IClassFixture<SharesNodeTests.Node>
{
    [Fact]
    public async Task What_one_encrypts_the_other_decrypts()
    {
        Assert.SkipWhen(node.Missing is not null, node.Missing ?? string.Empty);
        await using var host = await SharingTestHost.StartAsync();
        var (alice, bob) = (await host.LogInAsync("alice"), await host.LogInAsync("bob"));
        var team = await SharesFixture.AddMembersAsync(host, alice, bob);
        var (code, output) = await node.RunScriptAsync(
            "Sharing", "shares.mjs", host.Server.Address.ToString().TrimEnd('/'), team, alice.Access, bob.Access);
        Assert.True(code == 0, output);
        Assert.Contains("all done", output, StringComparison.Ordinal);
    }

    /// <summary>Node without any packages: the cryptography is its own.</summary>
    public sealed class Node : NodeFixture
    {
        /// <inheritdoc />
        protected override string[] PrepareInstall() => ["--version"];
    }
}
