using PeerSync.Bench.Rooms;

namespace PeerSync.Tests.Bench;

public sealed class RoomsOptionsTests
{
    [Fact]
    public void Arguments_replace_defaults_and_nothing_else()
    {
        var options = RoomsOptions.Parse(
            ["--targets", "socketio", "--scenarios", "abuse,signals", "--rounds", "5", "--rooms", "100", "--abuse-seconds", "0.5", "--gc", "workstation"]);
        Assert.Equal(["socketio"], options.Targets);
        Assert.Equal(["abuse", "signals"], options.Scenarios);
        Assert.Equal(5, options.Rounds);
        Assert.Equal(100, options.Rooms);
        Assert.Equal(0.5, options.AbuseSeconds);
        Assert.False(options.Runtime.IsServerGc);
        Assert.Equal(new RoomsOptions().Pairs, options.Pairs);
        Assert.Equal(new RoomsOptions().Abusers, options.Abusers);
    }

    [Fact]
    public void PeerSync_keeps_its_own_collector_unless_another_is_named()
    {
        Assert.Empty(new RoomsOptions().Runtime.Environment);
        Assert.Empty(RoomsOptions.Parse(["--gc", "own"]).Runtime.Environment);
        Assert.Equal("1", RoomsOptions.Parse(["--gc", "server"]).Runtime.Environment["DOTNET_gcServer"]);
    }

    [Theory]
    [InlineData("--targets", "ws")]
    [InlineData("--scenarios", "")]
    [InlineData("--rounds", "0")]
    [InlineData("--members", "1001")]
    [InlineData("--rooms", "1e4")]
    [InlineData("--windows", "1,,8")]
    [InlineData("--abuse-seconds", "-1")]
    [InlineData("--gc", "own,server")]
    [InlineData("--colour", "red")]
    public void A_wrong_argument_is_named(string name, string value) =>
        Assert.Contains(name, Assert.Throws<ArgumentException>(() => RoomsOptions.Parse([name, value])).Message, StringComparison.Ordinal);

    [Fact]
    public void An_argument_without_its_value_is_named() =>
        Assert.Contains("--pairs", Assert.Throws<ArgumentException>(() => RoomsOptions.Parse(["--rounds", "2", "--pairs"])).Message, StringComparison.Ordinal);
}
