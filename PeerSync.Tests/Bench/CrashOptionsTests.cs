using PeerSync.Bench.Crash;

namespace PeerSync.Tests.Bench;

public sealed class CrashOptionsTests
{
    [Fact]
    public void Arguments_replace_defaults_and_nothing_else()
    {
        var options = CrashOptions.Parse(["--kills", "1000", "--seconds-between", "0.1-2", "--postgres", "postgres://u@h/d", "--stop", "30", "--seed", "7"]);
        Assert.Equal(1000, options.Kills);
        Assert.Equal((0.1, 2), options.SecondsBetween);
        Assert.Equal("postgres://u@h/d", options.PostgresUrl);
        Assert.Equal(30, options.StopSeconds);
        Assert.Equal(7, options.Seed);
        Assert.Equal(new CrashOptions().Users, options.Users);
    }

    [Theory]
    [InlineData("--kills", "-1")]
    [InlineData("--seconds-between", "2-1")]
    [InlineData("--seconds-between", "2")]
    [InlineData("--seconds-between", "-1-2")]
    [InlineData("--devices", "5")]
    [InlineData("--colour", "red")]
    public void A_wrong_argument_is_named(string name, string value) =>
        Assert.Contains(name, Assert.Throws<ArgumentException>(() => CrashOptions.Parse([name, value])).Message, StringComparison.Ordinal);

    [Fact]
    public void An_argument_without_its_value_is_named() =>
        Assert.Contains("--users", Assert.Throws<ArgumentException>(() => CrashOptions.Parse(["--kills", "2", "--users"])).Message, StringComparison.Ordinal);
}
