using PeerSync.Bench.Load;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Tests.Bench;

public sealed class LoadOptionsTests
{
    [Fact]
    public void Arguments_replace_defaults_and_nothing_else()
    {
        var options = LoadOptions.Parse(["--targets", "ws,echo", "--rounds", "2", "--windows", "1,16", "--seconds", "0.5", "--gc", "workstation"]);
        Assert.Equal(["ws", "echo"], options.Targets);
        Assert.Equal(2, options.Rounds);
        Assert.Equal([1, 16], options.Windows);
        Assert.Equal(0.5, options.Seconds);
        Assert.False(options.Runtime.IsServerGc);
        Assert.Equal(new LoadOptions().Pairs, options.Pairs);
        Assert.Equal(new LoadOptions().Scenarios, options.Scenarios);
    }

    [Theory]
    [InlineData("--targets", "redis")]
    [InlineData("--targets", "")]
    [InlineData("--rounds", "0")]
    [InlineData("--rounds", "1.5")]
    [InlineData("--seconds", "-1")]
    [InlineData("--seconds", "NaN")]
    [InlineData("--windows", "1,,8")]
    [InlineData("--size", "9999999")]
    [InlineData("--colour", "red")]
    public void A_wrong_argument_is_named(string name, string value)
    {
        var error = Assert.Throws<ArgumentException>(() => LoadOptions.Parse([name, value]));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_argument_without_its_value_is_named()
    {
        var error = Assert.Throws<ArgumentException>(() => LoadOptions.Parse(["--rounds", "2", "--pairs"]));
        Assert.Contains("--pairs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_comparison_servers_accept_only_tokens_of_the_run()
    {
        var secrets = ServerSecrets.Create();
        var token = BenchToken.Mint(secrets, 42);
        Assert.True(BenchToken.TryVerify(secrets, token, out var userId));
        Assert.Equal(BenchToken.UserId(42), userId);

        Assert.False(BenchToken.TryVerify(ServerSecrets.Create(), token, out _));
        Assert.False(BenchToken.TryVerify(secrets with { SupabaseUrl = "http://127.0.0.1:10" }, token, out _));
        Assert.False(BenchToken.TryVerify(secrets, token[..^1], out _));
        Assert.False(BenchToken.TryVerify(secrets, "e30." + token[(token.IndexOf('.') + 1)..], out _));
        Assert.False(BenchToken.TryVerify(secrets, "", out _));
    }
}
