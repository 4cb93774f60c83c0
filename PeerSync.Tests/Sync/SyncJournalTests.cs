using System.Globalization;
using PeerSync.Actors.Sync;
using PeerSync.Protocol.Identity;

namespace PeerSync.Tests.Sync;

public sealed class SyncJournalTests
{
    [Fact]
    public void TheNameOfAUsersStreamIsFixed() => Assert.Equal("sync-abc", SyncJournal.PersistenceId(new UserId("abc")));

    [Theory]
    [InlineData("2026-01-01T00:00:00.000+00:00", "sync-expires:2026-01-01T00")]
    [InlineData("2026-12-31T23:59:59.999+00:00", "sync-expires:2026-12-31T23")]
    [InlineData("2026-01-01T01:30:00.000+02:00", "sync-expires:2025-12-31T23")]
    public void TheTagOfAnExpiryNamesItsHourInUtc(string at, string tag) =>
        Assert.Equal(tag, SyncJournal.ExpiryTag(DateTimeOffset.Parse(at, CultureInfo.InvariantCulture)));

    [Fact]
    public void TagsAreOrderedAsTheHoursAre()
    {
        var start = new DateTimeOffset(2025, 12, 20, 0, 0, 0, TimeSpan.Zero);
        string[] tags = [.. Enumerable.Range(0, 24 * 400).Select(hour => SyncJournal.ExpiryTag(start.AddHours(hour)))];
        Assert.Equal(tags.Order(StringComparer.Ordinal), tags);
        Assert.Equal(tags.Length, tags.Distinct().Count());
        Assert.All(tags, static tag => Assert.StartsWith(SyncJournal.ExpiryTagPrefix, tag, StringComparison.Ordinal));
    }
}
