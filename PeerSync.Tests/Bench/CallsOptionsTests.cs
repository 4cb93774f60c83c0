using PeerSync.Bench.Calls;

namespace PeerSync.Tests.Bench;

public sealed class CallsOptionsTests
{
    [Fact]
    public void Arguments_replace_defaults_and_nothing_else()
    {
        var options = CallsOptions.Parse(["--scenarios", "memory,signals", "--connections", "100", "--settle", "0.5", "--gc", "workstation"]);
        Assert.Equal(["memory", "signals"], options.Scenarios);
        Assert.Equal(100, options.Connections);
        Assert.Equal(0.5, options.Settle);
        Assert.False(options.Runtime.IsServerGc);
        Assert.Equal(CallsOptions.AllTargets, options.Targets);
        Assert.Equal(new CallsOptions().Connects, options.Connects);
    }

    [Theory]
    [InlineData("--targets", "ws")]
    [InlineData("--scenarios", "moves")]
    [InlineData("--connects", "0")]
    [InlineData("--gc", "own,server")]
    [InlineData("--members", "5")]
    public void A_wrong_argument_is_named(string name, string value) =>
        Assert.Contains(name, Assert.Throws<ArgumentException>(() => CallsOptions.Parse([name, value])).Message, StringComparison.Ordinal);
}
