using PeerSync.Storage.Calls;
using PeerSync.Storage.Databases;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Storage;

public sealed class CallsDirectoryTests(PostgresFixture postgres) : StorageTestBase(postgres)
{
    private static readonly CallsStrikeRules Rules = new(TimeSpan.FromDays(30), TimeSpan.FromHours(1), TimeSpan.FromHours(24));

    [Theory]
    [BothEngines]
    public async Task A_device_keeps_its_user_id_and_gets_roles(DatabaseEngine engine)
    {
        var calls = (await OpenAsync(engine)).Calls;
        Assert.Null(await calls.FindDeviceAsync("alice", None));
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => calls.EnsureDeviceAsync("alice", None)));
        var alice = Assert.Single(made.Distinct());
        Assert.Equal((CallsRole.User, CallsDevice.NewRating), (alice.Role, alice.Rating));
        Assert.Equal(alice, await calls.FindDeviceAsync("alice", None));

        var zed = await calls.SetRoleAsync("zed", CallsRole.Admin, null, None);
        Assert.Equal(alice with { Role = CallsRole.Moderator }, await calls.SetRoleAsync("alice", CallsRole.Moderator, "zed", None));
        Assert.Equal([alice with { Role = CallsRole.Moderator }, zed], await calls.ListModeratorsAsync(None));
        await calls.SetRoleAsync("alice", CallsRole.User, null, None);
        Assert.Equal([zed], await calls.ListModeratorsAsync(None));
    }

    [Theory]
    [BothEngines]
    public async Task A_device_id_has_limits(DatabaseEngine engine)
    {
        var calls = (await OpenAsync(engine)).Calls;
        foreach (var id in new[] { string.Empty, new string('a', 129), "a\0b", "a\uD800" })
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(() => calls.EnsureDeviceAsync(id, None));
            await Assert.ThrowsAnyAsync<ArgumentException>(() => calls.BlockAsync("alice", id, null, null, None));
            await Assert.ThrowsAnyAsync<ArgumentException>(() => calls.BanAsync(id, "x", null, null, None));
            await Assert.ThrowsAnyAsync<ArgumentException>(() => calls.SubmitReportAsync(Report("alice", id), None));
        }

        var longest = string.Concat(Enumerable.Repeat("\U0001F600", 64));
        Assert.Equal(longest, (await calls.EnsureDeviceAsync(longest, None)).Id);
    }

    [Theory]
    [BothEngines]
    public async Task Blocks_are_unique_and_count_in_both_directions(DatabaseEngine engine)
    {
        var calls = (await OpenAsync(engine)).Calls;
        Assert.Equal(CallsUnblockStatus.BlockerUnknown, await calls.UnblockAsync("alice", "bob", None));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => calls.BlockAsync("alice", "bob", "spam", "s1", None)));
        Assert.Single(outcomes, CallsBlockStatus.Blocked);
        Assert.Equal(7, outcomes.Count(static outcome => outcome == CallsBlockStatus.AlreadyBlocked));
        Assert.NotNull(await calls.FindDeviceAsync("alice", None));
        Assert.Null(await calls.FindDeviceAsync("bob", None));
        Assert.Equal(CallsBlockStatus.Blocked, await calls.BlockAsync("carol", "alice", null, null, None));

        var block = Assert.Single(await calls.ListBlocksAsync("alice", None));
        Assert.Equal(("bob", "spam"), (block.Blocked, block.Reason));
        Assert.Equal(1, await calls.CountBlocksAsync("alice", None));
        Assert.Equal(["bob", "carol"], (await calls.ListBlockedEitherWayAsync("alice", None)).Order(StringComparer.Ordinal));
        Assert.Equal(["alice"], await calls.ListBlockedEitherWayAsync("bob", None));

        Assert.Equal(CallsUnblockStatus.Unblocked, await calls.UnblockAsync("alice", "bob", None));
        Assert.Equal(CallsUnblockStatus.BlockedUnknown, await calls.UnblockAsync("alice", "bob", None));
        await calls.EnsureDeviceAsync("bob", None);
        Assert.Equal(CallsUnblockStatus.NotBlocked, await calls.UnblockAsync("alice", "bob", None));
        await Assert.ThrowsAsync<ArgumentException>(() => calls.BlockAsync("alice", "alice", null, null, None));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => calls.BlockAsync("alice", "bob", new string('x', 501), null, None));
    }

    [Theory]
    [BothEngines]
    public async Task A_ban_ends_by_itself_and_can_be_lifted(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var calls = store.Calls;
        var ban = await calls.BanAsync("bob", "nudity", TimeSpan.FromDays(1), "mod", None);
        Assert.Equal(ban.BannedAt + TimeSpan.FromDays(1), ban.ExpiresAt);
        Assert.Equal(ban, await calls.FindBanAsync("bob", None));
        Assert.Equal(ban, (await calls.GetStandingAsync("bob", None)).Ban);
        var forEver = await calls.BanAsync("bob", "again", null, null, None);
        Assert.Null(forEver.ExpiresAt);
        Assert.Equal([forEver], await calls.ListBansAsync(10, None));

        Assert.True(await calls.UnbanAsync("bob", "mod", None));
        Assert.False(await calls.UnbanAsync("bob", "mod", None));
        Assert.Null(await calls.FindBanAsync("bob", None));
        Assert.Equal(
            ["device.unban", "device.ban", "device.ban"], (await store.Audit.ReadNewestAsync("calls", 10, None)).Select(static record => record.Entry.Action));

        await calls.BanAsync("bob", "short", TimeSpan.FromDays(1), null, None);
        await ExecuteAsync(store.Database, $"UPDATE calls_bans SET expires_at = {Past(engine)}");
        Assert.Null(await calls.FindBanAsync("bob", None));
        Assert.Empty(await calls.ListBansAsync(10, None));
    }

    [Theory]
    [BothEngines]
    public async Task Reports_are_listed_lent_and_decided(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var calls = store.Calls;
        var moderator = await calls.SetRoleAsync("mod", CallsRole.Moderator, null, None);
        var other = await calls.SetRoleAsync("other", CallsRole.Moderator, null, None);
        var sentAt = store.Database.Now.AddMinutes(-1);
        var first = await calls.SubmitReportAsync(Report("alice", "bob") with { Evidence = [new("bob", "rude\0", sentAt), new("alice", "stop", sentAt)] }, None);
        var again = await calls.SubmitReportAsync(Report("alice", "bob"), None);
        var second = await calls.SubmitReportAsync(Report("carol", "bob"), None);
        Assert.Equal((true, false, true), (first.IsNew, again.IsNew, second.IsNew));
        Assert.Equal(first.ReportId, again.ReportId);
        Assert.Equal(2, (await calls.GetStandingAsync("bob", None)).PendingReporters);
        Assert.Equal([second.ReportId, first.ReportId], (await calls.ListReportsAsync(CallsReportStatus.Pending, 10, None)).Select(static report => report.Id));
        Assert.Single(await calls.ListReportsAsync(null, 1, None));

        var lent = await calls.TakeNextReportAsync(moderator, TimeSpan.FromMinutes(10), None);
        Assert.Equal(first.ReportId, lent!.Id);
        Assert.Equal([new CallsEvidenceLine("bob", "rude\uFFFD", sentAt), new CallsEvidenceLine("alice", "stop", sentAt)], lent.Evidence);
        Assert.Equal([second.ReportId], (await calls.ListReportsAsync(CallsReportStatus.Pending, 10, None)).Select(static report => report.Id));
        Assert.Equal(second.ReportId, (await calls.TakeNextReportAsync(other, TimeSpan.FromMinutes(10), None))!.Id);
        Assert.Null(await calls.TakeNextReportAsync(other, TimeSpan.FromMinutes(10), None));
        await ExecuteAsync(store.Database, $"UPDATE calls_reports SET leased_until = {Past(engine)}");
        Assert.Equal(first.ReportId, (await calls.TakeNextReportAsync(other, TimeSpan.FromMinutes(10), None))!.Id);

        Assert.Null(await calls.DecideReportAsync(Guid.NewGuid(), true, moderator, null, None));
        var accepted = await calls.DecideReportAsync(first.ReportId, true, moderator, TimeSpan.FromDays(30), None);
        Assert.True(accepted!.HasChanged);
        Assert.Equal((CallsReportStatus.Accepted, moderator.UserId.ToString()), (accepted.Report.Status, accepted.Report.ModeratorId));
        Assert.Equal(("Reported for: harassment", first.ReportId), (accepted.Ban!.Reason, accepted.Ban.ReportId));
        Assert.False((await calls.DecideReportAsync(first.ReportId, true, other, null, None))!.HasChanged);
        await calls.DecideReportAsync(second.ReportId, false, moderator, null, None);
        Assert.NotNull(await calls.FindBanAsync("bob", None));
        var stats = await calls.GetReportStatsAsync(None);
        Assert.Equal((2, 0, 1, 1, 2), (stats.Total, stats.Pending, stats.Accepted, stats.Rejected, stats.ByReason["harassment"]));

        Assert.True((await calls.DecideReportAsync(first.ReportId, false, other, null, None))!.HasChanged);
        Assert.Null(await calls.FindBanAsync("bob", None));
        stats = await calls.GetReportStatsAsync(None);
        Assert.Equal((2, 0, 0, 2), (stats.Total, stats.Pending, stats.Accepted, stats.Rejected));
        Assert.Empty(await calls.ListReportsAsync(CallsReportStatus.Pending, 10, None));
        Assert.Equal(2, (await calls.FindReportAsync(first.ReportId, None))!.Evidence.Count);
    }

    [Theory]
    [BothEngines]
    public async Task Of_moderators_who_ask_at_once_each_gets_another_report(DatabaseEngine engine)
    {
        const int Count = 12;
        var calls = (await OpenAsync(engine)).Calls;
        for (var i = 0; i < Count; i++)
        {
            await calls.SubmitReportAsync(Report("alice", $"bob-{i}"), None);
        }

        var moderator = await calls.SetRoleAsync("mod", CallsRole.Moderator, null, None);
        var lent = await WithinAsync(
            Task.WhenAll(Enumerable.Range(0, Count).Select(_ => calls.TakeNextReportAsync(moderator, TimeSpan.FromMinutes(1), None))), "the reports");
        Assert.Equal(Count, lent.Select(static report => report!.Id).Distinct().Count());
        Assert.Null(await calls.TakeNextReportAsync(moderator, TimeSpan.FromMinutes(1), None));

        // Two who decide one report otherwise at once: one of them was the later, and the counters say the same as the report.
        var id = lent[0]!.Id;
        await WithinAsync(
            Task.WhenAll(Enumerable.Range(0, 8).Select(i => calls.DecideReportAsync(id, i % 2 == 0, moderator, null, None))), "the decisions");
        var isAccepted = (await calls.FindReportAsync(id, None))!.Status == CallsReportStatus.Accepted;
        var stats = await calls.GetReportStatsAsync(None);
        Assert.Equal(isAccepted ? (1, 0) : (0, 1), (stats.Accepted, stats.Rejected));
        Assert.Equal(isAccepted, await calls.FindBanAsync(lent[0]!.Reported, None) is not null);
    }

    [Theory]
    [BothEngines]
    public async Task Strikes_warn_then_restrict_and_expire(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var calls = store.Calls;
        var strikes = await WithinAsync(Task.WhenAll(Enumerable.Range(0, 4).Select(_ => calls.AddStrikeAsync("bob", "harassment", Rules, None))), "strikes");
        Assert.Equal([1, 2, 3, 4], strikes.Select(static strike => strike.Count).Order());
        var first = strikes.Single(static strike => strike.Count == 1);
        var second = strikes.Single(static strike => strike.Count == 2);
        var third = strikes.Single(static strike => strike.Count == 3);
        Assert.Null(first.RestrictedUntil);
        Assert.InRange(third.RestrictedUntil!.Value - second.RestrictedUntil!.Value, TimeSpan.FromHours(22.9), TimeSpan.FromHours(23.1));
        Assert.Equal(strikes.Max(static strike => strike.RestrictedUntil), (await calls.GetStandingAsync("bob", None)).RestrictedUntil);

        await ExecuteAsync(store.Database, $"UPDATE calls_strikes SET expires_at = {Past(engine)}");
        await ExecuteAsync(store.Database, $"UPDATE calls_restrictions SET until = {Past(engine)}");
        Assert.Null((await calls.GetStandingAsync("bob", None)).RestrictedUntil);
        Assert.Equal(new CallsStrike(1, null), await calls.AddStrikeAsync("bob", "harassment", Rules, None));
    }

    [Theory]
    [BothEngines]
    public async Task Calls_make_the_rating(DatabaseEngine engine)
    {
        var calls = (await OpenAsync(engine)).Calls;
        Assert.Equal(CallsDevice.NewRating, await calls.RecordCallAsync("bob", TimeSpan.FromSeconds(1), true, None));
        await calls.EnsureDeviceAsync("bob", None);

        // 70 - 10 for skipping all of them; then half of two calls, 70 s in the mean; then a report that was found right.
        Assert.Equal(60, await calls.RecordCallAsync("bob", TimeSpan.Zero, true, None));
        Assert.Equal(70, await calls.RecordCallAsync("bob", TimeSpan.FromSeconds(140), false, None));
        var report = await calls.SubmitReportAsync(Report("alice", "bob"), None);
        var moderator = await calls.SetRoleAsync("mod", CallsRole.Moderator, null, None);
        await calls.DecideReportAsync(report.ReportId, true, moderator, null, None);
        Assert.Equal(70 + 5 + 15 - 10, await calls.RecordCallAsync("bob", TimeSpan.Zero, false, None));
        Assert.Equal(80, (await calls.GetStandingAsync("bob", None)).Rating);
        Assert.Equal(100, await RateAsync(TimeSpan.FromMinutes(5)));

        async Task<int> RateAsync(TimeSpan duration)
        {
            await calls.EnsureDeviceAsync("carol", None);
            return await calls.RecordCallAsync("carol", duration, false, None);
        }
    }

    [Theory]
    [BothEngines]
    public async Task What_was_kept_long_enough_goes(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var calls = store.Calls;
        var moderator = await calls.SetRoleAsync("mod", CallsRole.Moderator, null, None);
        var kept = await calls.SubmitReportAsync(Report("alice", "bob") with { Evidence = [new("bob", "rude", store.Database.Now)] }, None);
        var old = await calls.SubmitReportAsync(Report("carol", "bob") with { Evidence = [new("bob", "rude", store.Database.Now)] }, None);
        await calls.AddStrikeAsync("bob", "harassment", Rules, None);
        await calls.AddStrikeAsync("bob", "harassment", Rules, None);
        await calls.BanAsync("bob", "x", TimeSpan.FromDays(1), null, None);
        await calls.BlockAsync("alice", "bob", null, null, None);
        var retention = new CallsRetention(TimeSpan.FromDays(30), TimeSpan.FromDays(90));
        Assert.Equal(0, await calls.DeleteExpiredAsync(retention, 100, None));

        var past = Past(engine);
        await ExecuteAsync(store.Database, $"UPDATE calls_devices SET last_seen = {past}");
        await ExecuteAsync(store.Database, $"UPDATE calls_strikes SET expires_at = {past}");
        await ExecuteAsync(store.Database, $"UPDATE calls_restrictions SET until = {past}");
        await ExecuteAsync(store.Database, $"UPDATE calls_bans SET expires_at = {past}");
        await ExecuteAsync(store.Database, $"UPDATE calls_reports SET submitted_at = {past}");
        await ExecuteAsync(store.Database, $"UPDATE calls_report_evidence SET kept_until = {past} WHERE report_id = '{kept.ReportId}'");
        await calls.DecideReportAsync(kept.ReportId, false, moderator, null, None);

        // Two strikes, one of them in a batch of its own.
        Assert.Equal(6, await calls.DeleteExpiredAsync(retention, 1, None));
        Assert.Equal(1, await calls.DeleteExpiredAsync(retention, 1, None));
        Assert.Equal(0, await calls.DeleteExpiredAsync(retention, 1, None));
        Assert.Null(await calls.FindReportAsync(old.ReportId, None));
        Assert.Empty((await calls.FindReportAsync(kept.ReportId, None))!.Evidence);
        Assert.Equal(0, await CountAsync(store.Database, "calls_report_evidence"));
        Assert.NotNull(await calls.FindDeviceAsync("alice", None));
        Assert.NotNull(await calls.FindDeviceAsync("mod", None));
        Assert.Null(await calls.FindDeviceAsync("bob", None));
        Assert.Equal(2, (await calls.GetReportStatsAsync(None)).Total);
    }

    private static NewCallsReport Report(string reporter, string reported) =>
        new(reporter, reported, "sess-1", "harassment", "rude", [], TimeSpan.FromDays(7));

    private static string Past(DatabaseEngine engine) => engine is DatabaseEngine.Sqlite ? "1000000" : "timestamptz '1970-01-01 00:00:01+00'";
}
