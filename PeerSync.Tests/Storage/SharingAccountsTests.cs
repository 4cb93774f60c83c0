using PeerSync.Storage;
using PeerSync.Storage.Databases;
using PeerSync.Storage.Sharing;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Storage;

public sealed class SharingAccountsTests(PostgresFixture postgres) : StorageTestBase(postgres)
{
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);
    private static readonly TimeSpan Instant = TimeSpan.FromMicroseconds(1);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);
    private static readonly SharingProfile Alice = new("github:1001", "Alice Doe", "alice@example.org", "https://example.org/a.png");

    [Theory]
    [BothEngines]
    public async Task Of_many_first_logins_at_once_one_makes_the_user_with_a_team(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var logins = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.Sharing.Accounts.LogInAsync(Alice, "editor", Month, None)));

        var user = Assert.Single(logins.Select(static login => login.User).Distinct());
        Assert.Single(logins, static login => login.IsFirst);
        Assert.Equal(8, logins.Select(static login => login.SessionId).Distinct().Count());
        Assert.Equal(new SharingUser(user.Id, "Alice Doe", "alice@example.org", "https://example.org/a.png"), user);
        Assert.Equal(user, await store.Sharing.Accounts.FindUserAsync(user.Id, None));
        Assert.Equal(1, await CountAsync(store.Database, "sharing_teams WHERE name = 'Alice Doe''s Team'"));
        Assert.Equal(1, await CountAsync(store.Database, "sharing_members WHERE role = 'OWNER'"));
        var actions = (await store.Audit.FindAsync(new AuditFilter("sharing", user.Id, null, null), 100, None)).GroupBy(static record => record.Entry.Action);
        Assert.Equal(
            [("TEAM_CREATED_DEFAULT", 1), ("TEAM_MEMBER_CREATED_DEFAULT", 1), ("USER_CREATED_EXT", 1), ("USER_LOGGED_IN", 8)],
            actions.Select(static group => (group.Key, group.Count())).OrderBy(static entry => entry.Key, StringComparer.Ordinal));
    }

    [Theory]
    [BothEngines]
    public async Task Two_accounts_may_have_one_address_and_a_known_one_stays_as_it_was(DatabaseEngine engine)
    {
        var accounts = (await OpenAsync(engine)).Sharing.Accounts;
        var alice = await accounts.LogInAsync(Alice, null, Month, None);
        var again = await accounts.LogInAsync(Alice with { Name = "Other", AvatarUrl = null }, null, Month, None);
        var other = await accounts.LogInAsync(Alice with { Account = "github:1002" }, null, Month, None);

        Assert.Equal(alice.User, again.User);
        Assert.False(again.IsFirst);
        Assert.NotEqual(alice.User.Id, other.User.Id);
        Assert.True(other.IsFirst);
    }

    [Theory]
    [BothEngines]
    public async Task Long_and_odd_texts_are_cut_to_what_can_be_kept(DatabaseEngine engine)
    {
        var accounts = (await OpenAsync(engine)).Sharing.Accounts;
        var profile = new SharingProfile("github:1", new string('n', 239) + "\U0001F600", "a\0@example.org", "https://" + new string('a', 2048));
        var login = await accounts.LogInAsync(profile, new string('c', 300), Month, None);

        Assert.Equal((new string('n', 239) + "\uFFFD", "a\uFFFD@example.org", (string?)null), (login.User.Name, login.User.Email, login.User.AvatarUrl));
        Assert.Equal(new string('c', 255), Assert.Single(await accounts.ListSessionsAsync(login.User.Id, None)).Client);
        foreach (var wrong in new[] { profile with { Account = "" }, profile with { Account = "a\0" }, profile with { Name = "" }, profile with { Email = new string('e', 321) } })
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(() => accounts.LogInAsync(wrong, null, Month, None));
        }

        Assert.Null(await accounts.FindUserAsync("a\0b", None));
        Assert.False(await accounts.IsSessionLiveAsync("a\0b", "\uD800", None));
    }

    [Theory]
    [BothEngines]
    public async Task A_session_is_live_until_it_is_ended_or_over(DatabaseEngine engine)
    {
        var accounts = (await OpenAsync(engine)).Sharing.Accounts;
        var first = await accounts.LogInAsync(Alice, null, Month, None);
        var second = await accounts.LogInAsync(Alice, null, Month, None);
        var over = await accounts.LogInAsync(Alice, null, Instant, None);
        var userId = first.User.Id;

        Assert.True(await accounts.IsSessionLiveAsync(userId, first.SessionId, None));
        Assert.False(await accounts.IsSessionLiveAsync("somebody", first.SessionId, None));
        Assert.False(await accounts.IsSessionLiveAsync(userId, over.SessionId, None));
        Assert.Equal([second.SessionId, first.SessionId], (await accounts.ListSessionsAsync(userId, None)).Select(static session => session.Id));
        Assert.False(await accounts.EndSessionAsync("somebody", first.SessionId, None));
        Assert.True(await accounts.EndSessionAsync(userId, first.SessionId, None));
        Assert.False(await accounts.EndSessionAsync(userId, first.SessionId, None));
        Assert.False(await accounts.IsSessionLiveAsync(userId, first.SessionId, None));
        Assert.Equal([second.SessionId], await accounts.EndSessionsAsync(userId, None));
        Assert.Empty(await accounts.EndSessionsAsync(userId, None));
        Assert.Equal(1, await accounts.DeleteExpiredAsync(100, None));
        Assert.Equal(0, await accounts.DeleteExpiredAsync(100, None));
    }

    [Theory]
    [BothEngines]
    public async Task A_refresh_token_of_long_ago_ends_its_session(DatabaseEngine engine)
    {
        var accounts = (await OpenAsync(engine)).Sharing.Accounts;
        var login = await accounts.LogInAsync(Alice, null, Month, None);
        var (userId, id) = (login.User.Id, login.SessionId);

        var renewals = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => accounts.RefreshAsync(userId, id, 0, Grace, Month, None)));
        Assert.All(renewals, static renewal => Assert.Equal(new SharingRenewal(SharingRenewalOutcome.Renewed, 1), renewal));
        Assert.Equal(new SharingRenewal(SharingRenewalOutcome.Unknown, 0), await accounts.RefreshAsync(userId, id, 5, Grace, Month, None));
        Assert.Equal(new SharingRenewal(SharingRenewalOutcome.Unknown, 0), await accounts.RefreshAsync("somebody", id, 1, Grace, Month, None));
        Assert.Equal(new SharingRenewal(SharingRenewalOutcome.Renewed, 2), await accounts.RefreshAsync(userId, id, 1, Grace, Month, None));

        // Two generations back is too far even at once.
        Assert.Equal(new SharingRenewal(SharingRenewalOutcome.Reused, 0), await accounts.RefreshAsync(userId, id, 0, Grace, Month, None));
        Assert.False(await accounts.IsSessionLiveAsync(userId, id, None));
        Assert.Equal(new SharingRenewal(SharingRenewalOutcome.Unknown, 0), await accounts.RefreshAsync(userId, id, 2, Grace, Month, None));

        var late = await accounts.LogInAsync(Alice, null, Month, None);
        await accounts.RefreshAsync(userId, late.SessionId, 0, TimeSpan.Zero, Month, None);
        Assert.Equal(SharingRenewalOutcome.Reused, (await accounts.RefreshAsync(userId, late.SessionId, 0, TimeSpan.Zero, Month, None)).Outcome);
    }

    [Theory]
    [BothEngines]
    public async Task The_session_that_was_renewed_first_makes_room(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var first = await store.Sharing.Accounts.LogInAsync(Alice, null, Month, None);
        for (var i = 0; i < SharingAccounts.MaxSessions; i++)
        {
            await store.Sharing.Accounts.LogInAsync(Alice, null, Month, None);
        }

        Assert.Equal(SharingAccounts.MaxSessions, await CountAsync(store.Database, "sharing_sessions"));
        Assert.False(await store.Sharing.Accounts.IsSessionLiveAsync(first.User.Id, first.SessionId, None));
    }
}
