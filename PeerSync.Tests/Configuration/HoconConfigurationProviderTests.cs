using Microsoft.Extensions.Configuration;
using PeerSync.Host.Configuration;
using PeerSync.Host.Configuration.Hocon;
using PeerSync.Tests.Configuration.Hocon;

namespace PeerSync.Tests.Configuration;

public sealed class HoconConfigurationProviderTests
{
    [Fact]
    public void Values_have_flat_keys_and_arrays_indices()
    {
        var configuration = new ConfigurationBuilder()
            .AddHocon(HoconText.Resolve("a { b = 1, c = [x, { d = on }], e = null, f = [], g {} }, \"h.i\" = 10s, j = ${?PORT}", ("PORT", "80")))
            .Build();

        Assert.Equal("1", configuration["a:b"]);
        Assert.Equal("1", configuration["A:B"]);
        Assert.Equal("x", configuration["a:c:0"]);
        Assert.Equal("on", configuration["a:c:1:d"]);
        Assert.Null(configuration["a:e"]);
        Assert.Equal(string.Empty, configuration["a:f"]);
        Assert.Null(configuration["a:g"]);
        Assert.Equal("10s", configuration["h.i"]);
        Assert.Equal("80", configuration["j"]);
        Assert.Equal(["b", "c", "e", "f", "g"], configuration.GetSection("a").GetChildren().Select(static c => c.Key));
    }

    [Fact]
    public void Origins_can_be_asked_for()
    {
        var configuration = new ConfigurationBuilder()
            .AddHocon(HoconText.Resolve("a {\n  b = 1\n  c = 2\n}\nj = ${?PORT}", ("PORT", "80")))
            .AddInMemoryCollection([KeyValuePair.Create("a:c", (string?)"3")])
            .Build();

        Assert.Equal(new HoconOrigin("test.conf", 2, 7), configuration.GetOrigin("a:b"));
        Assert.Equal(HoconOrigin.Environment("PORT"), configuration.GetOrigin("j"));
        Assert.Null(configuration.GetOrigin("a:c"));
        Assert.Null(configuration.GetOrigin("missing"));
    }

    [Fact]
    public void A_file_is_read_when_the_configuration_is_built_and_again_on_reload()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("x.conf", "a = ${NAME}");
        var configuration = new ConfigurationBuilder().AddHoconFile(path, new Dictionary<string, string> { ["NAME"] = "one" }).Build();
        Assert.Equal("one", configuration["a"]);

        folder.Write("x.conf", "b = two");
        configuration.Reload();

        Assert.Null(configuration["a"]);
        Assert.Equal("two", configuration["b"]);
        Assert.Equal(path, configuration.GetOrigin("b")!.Value.Source);
    }

    [Fact]
    public void A_broken_file_fails_the_build_with_its_place()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("x.conf", "a = [");

        Assert.Equal(1, Assert.Throws<HoconException>(() => new ConfigurationBuilder().AddHoconFile(path, HoconText.NoEnvironment).Build()).Origin.Line);
    }

    [Fact]
    public void Keys_that_fall_together_are_refused()
    {
        var builder = new ConfigurationBuilder().AddHocon(HoconText.Resolve("a = 1\nA = 2"));

        Assert.Equal(2, Assert.Throws<HoconException>(() => builder.Build()).Origin.Line);
    }

    [Fact]
    public void The_settings_of_the_server_are_reachable_under_their_paths()
    {
        var loaded = PeerSyncConfiguration.Load(null, new Dictionary<string, string> { ["PORT"] = "4000" });
        Assert.True(loaded.IsValid);
        var configuration = new ConfigurationBuilder().AddHocon(loaded.Values).Build();

        Assert.Equal("4000", configuration["peersync:port"]);
        Assert.Equal("4MiB", configuration["peersync:websocket:max-message-size"]);
    }
}
