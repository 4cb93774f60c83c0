using PeerSync.Bench.Sharing;

namespace PeerSync.Tests.Bench;

public sealed class SharingOptionsTests
{
    [Fact]
    public void Arguments_replace_defaults_and_nothing_else()
    {
        var options = SharingOptions.Parse(["--targets", "node-sqlite", "--scenarios", "share,me", "--size", "100", "--gc", "server"]);
        Assert.Equal(["node-sqlite"], options.Targets);
        Assert.Equal(["share", "me"], options.Scenarios);
        Assert.Equal(100, options.Size);
        Assert.True(options.Runtime.IsServerGc);
        Assert.Equal(32, options.Concurrency);
        Assert.Equal(new SharingOptions().Items, options.Items);
    }

    [Theory]
    [InlineData("--targets", "peersync")]
    [InlineData("--items", "51")]
    [InlineData("--wraps", "0")]
    [InlineData("--pairs", "50")]
    public void A_wrong_argument_is_named(string name, string value) =>
        Assert.Contains(name, Assert.Throws<ArgumentException>(() => SharingOptions.Parse([name, value])).Message, StringComparison.Ordinal);
}
