using PeerSync.Host.Configuration;
using PeerSync.Host.Http;
using PeerSync.Host.Identity;
using PeerSync.Host.Sync;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sync;

/// <summary>The small parts beneath the routes.</summary>
public sealed class RestPartsTests
{
    private const string Seed = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    [Fact]
    public void The_session_log_forgets_the_oldest_when_it_is_full()
    {
        var log = new SyncSessionLog(TimeSpan.FromHours(1), capacity: 100, new ManualTimeProvider());
        for (var i = 0; i < 1_000; i++)
        {
            log.Opened($"user {i}", "here");
            Assert.InRange(log.Count, 1, 100);
        }

        Assert.True(log.IsKnown("user 999", "here"));
        Assert.True(log.IsKnown("user 950", "here"));
        Assert.False(log.IsKnown("user 0", "here"));
        Assert.False(log.IsKnown("user 999", "there"));
    }

    [Fact]
    public void A_session_that_is_opened_again_lasts_longer()
    {
        var time = new ManualTimeProvider();
        var log = new SyncSessionLog(TimeSpan.FromHours(1), capacity: 100, time);
        log.Opened("user", "here");
        time.Advance(TimeSpan.FromMinutes(59));
        log.Opened("user", "here");
        time.Advance(TimeSpan.FromMinutes(60));
        Assert.True(log.IsKnown("user", "here"));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(log.IsKnown("user", "here"));
    }

    [Fact]
    public void A_window_begins_with_the_first_count_and_ends_as_a_whole()
    {
        var time = new ManualTimeProvider();
        var counter = new WindowCounter(limit: 2, TimeSpan.FromSeconds(60), capacity: 10, time);

        Assert.Equal(new WindowCount(true, 1, TimeSpan.FromSeconds(60)), counter.Take("a"));
        time.Advance(TimeSpan.FromSeconds(20));
        Assert.True(counter.Take("a") is { IsWithin: true, Remaining: 0, ResetSeconds: 40 });
        Assert.False(counter.Take("a").IsWithin);
        Assert.True(counter.Take("b").IsWithin);
        counter.GiveBack("a");
        counter.GiveBack("nobody");
        Assert.True(counter.Take("a").IsWithin);
        time.Advance(TimeSpan.FromSeconds(40));
        Assert.True(counter.Take("a") is { IsWithin: true, Remaining: 1, ResetSeconds: 60 });
    }

    [Fact]
    public void Counters_hold_no_more_keys_than_they_may()
    {
        var counter = new WindowCounter(limit: 1, TimeSpan.FromSeconds(60), capacity: 10, new ManualTimeProvider());
        for (var i = 0; i < 10; i++)
        {
            Assert.True(counter.Take($"{i}").IsWithin);
        }

        Assert.True(counter.Take("one more").IsWithin);
        Assert.False(counter.Take("one more").IsWithin);
    }

    [Fact]
    public void A_signature_is_accepted_again_only_when_its_timestamp_is_too_old_anyway()
    {
        var time = new ManualTimeProvider();
        var replays = new SignatureReplays(TimeSpan.FromSeconds(330), capacity: 2, time);

        Assert.True(replays.TryAccept("alice", 1, "aa"));
        Assert.False(replays.TryAccept("alice", 1, "AA"));
        Assert.True(replays.TryAccept("bob", 1, "aa"));
        Assert.False(replays.TryAccept("carol", 1, "aa"));
        time.Advance(TimeSpan.FromSeconds(330));
        Assert.False(replays.TryAccept("alice", 1, "aa"));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(replays.TryAccept("alice", 1, "aa"));
    }

    [Fact]
    public void Outside_production_a_key_is_made_once_for_its_owner_only()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"peersync-key-{Guid.NewGuid():N}");
        try
        {
            var first = SyncServerKey.Load(Options($"data-directory = \"{folder}\""));
            var second = SyncServerKey.Load(Options($"data-directory = \"{folder}\""));

            Assert.True(first.WasGenerated);
            Assert.False(second.WasGenerated);
            Assert.Equal(first.Identity.PublicKeyHex, second.Identity.PublicKeyHex);
            Assert.Equal(Path.Combine(folder, SyncServerKey.FileName), first.Path);
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(first.Path!) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
            File.WriteAllText(first.Path!, "broken");
            Assert.Throws<IdentityConfigurationException>(() => SyncServerKey.Load(Options($"data-directory = \"{folder}\"")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_public_half_of_another_key_and_a_malformed_key_stop_the_start()
    {
        var key = SyncServerKey.Load(Options($"sync.server-private-key = {Seed}"));
        Assert.Null(key.Path);
        Assert.Equal(key.Identity.PublicKeyHex, SyncServerKey.Load(Options($"sync {{ server-private-key = {Seed}, server-public-key = {key.Identity.PublicKeyHex} }}")).Identity.PublicKeyHex);

        var other = Assert.Throws<IdentityConfigurationException>(() => SyncServerKey.Load(Options($"sync {{ server-private-key = {Seed}, server-public-key = {Seed} }}")));
        Assert.Contains("SERVER_PRIVATE_KEY_HEX", other.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("0c0d0e0f", other.Message, StringComparison.Ordinal);
        Assert.Throws<IdentityConfigurationException>(() => SyncServerKey.Load(Options("sync.server-private-key = abc")));
    }

    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "abc")]
    [InlineData("ab\U0001F600", 3, "ab")]
    [InlineData("a\U0001F600", 3, "a\U0001F600")]
    public void Texts_are_cut_in_units_and_between_symbols(string text, int length, string expected) => Assert.Equal(expected, TextCut.To(text, length));

    private static PeerSyncOptions Options(string settings)
    {
        var configuration = PeerSyncConfiguration.LoadText($"peersync {{\n{settings}\n}}", new Dictionary<string, string>());
        Assert.True(configuration.IsValid, string.Join(Environment.NewLine, configuration.Faults));
        return configuration.Options!;
    }
}
