using PeerSync.Bench.Resp;

namespace PeerSync.Tests.Bench;

public sealed class RespOptionsTests
{
    [Fact]
    public void Arguments_replace_defaults_and_nothing_else()
    {
        var options = RespOptions.Parse(["--scenarios", "fanout", "--subscribers", "200", "--events", "7", "--settle", "0.5", "--gc", "server"]);
        Assert.Equal(["fanout"], options.Scenarios);
        Assert.Equal((200, 7, 0.5), (options.Subscribers, options.Events, options.Settle));
        Assert.True(options.Runtime.IsServerGc);
        Assert.Equal(RespOptions.AllTargets, options.Targets);
        Assert.Equal(new RespOptions().Rounds, options.Rounds);
    }

    [Theory]
    [InlineData("--targets", "ws")]
    [InlineData("--scenarios", "signals")]
    [InlineData("--subscribers", "20000")]
    [InlineData("--gc", "own,server")]
    [InlineData("--members", "5")]
    public void A_wrong_argument_is_named(string name, string value) =>
        Assert.Contains(name, Assert.Throws<ArgumentException>(() => RespOptions.Parse([name, value])).Message, StringComparison.Ordinal);
}
