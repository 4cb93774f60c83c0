using PeerSync.Bench.Calls;

namespace PeerSync.Tests.Bench;

public sealed class MatchOptionsTests
{
    [Fact]
    public void Arguments_replace_defaults_and_nothing_else()
    {
        var options = MatchOptions.Parse(["--tickets", "100,200", "--mixes", "feuds", "--seconds", "0.5"]);
        Assert.Equal([100, 200], options.Tickets);
        Assert.Equal([MatchMix.Feuds], options.Mixes);
        Assert.Equal(0.5, options.Seconds);
        Assert.Equal(20, options.LimitMinutes);
        Assert.Equal(new MatchOptions().Rate, options.Rate);
    }

    [Theory]
    [InlineData("--tickets", "0")]
    [InlineData("--mixes", "7")]
    [InlineData("--seconds", "0")]
    [InlineData("--limit-minutes", "never")]
    [InlineData("--server", "peersync")]
    public void A_wrong_argument_is_named(string name, string value) =>
        Assert.Contains(name, Assert.Throws<ArgumentException>(() => MatchOptions.Parse([name, value])).Message, StringComparison.Ordinal);
}
