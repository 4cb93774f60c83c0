using PeerSync.Storage;
using PeerSync.Storage.Databases;
using PeerSync.Storage.Sharing;
using PeerSync.Tests.TestKit;
using static PeerSync.Tests.Storage.SharingPeople;

namespace PeerSync.Tests.Storage;

public sealed class SharingTeamsTests(PostgresFixture postgres) : StorageTestBase(postgres)
{
    private static readonly SharingEventText Removed = Told("removed");
    private static readonly SharingEventText Deleted = Told("deleted");

    [Theory]
    [BothEngines]
    public async Task Who_has_no_team_gets_one_and_of_several_requests_only_one(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var alice = await AddUserAsync(store, "alice");
        var lists = await WithinAsync(Task.WhenAll(Enumerable.Range(0, 10).Select(_ => store.Sharing.Teams.ListAsync(alice, None))), "the lists");
        var team = Assert.Single(lists.Select(static list => list.Single().Team).Distinct());
        Assert.Equal(("alice's Team", alice, null), (team.Name, team.OwnerId, team.RetentionDays));
        var member = Assert.Single(lists[0][0].Members);
        Assert.Equal((alice, "alice", "alice@example.test", null, true), (member.UserId, member.Name, member.Email, member.AvatarUrl, member.IsOwner));
        Assert.Empty(await store.Sharing.Teams.ListAsync(SharingIds.New(), None));
        Assert.Empty(await store.Sharing.Teams.ListAsync("no id\0", None));

        var longest = await AddUserAsync(store, string.Concat(Enumerable.Repeat("\U0001F600", 127)));
        var name = Assert.Single(await store.Sharing.Teams.ListAsync(longest, None)).Team.Name;
        Assert.Equal(string.Concat(Enumerable.Repeat("\U0001F600", 124)) + "'s Team", name);
        Assert.Equal(new string('x', 248) + "'s Team", SharingRows.DefaultTeamName(new string('x', 255)));
        Assert.Equal(new string('x', 247) + "'s Team", SharingRows.DefaultTeamName(new string('x', 247) + "\U0001F600"));
    }

    [Theory]
    [BothEngines]
    public async Task Members_see_their_teams_and_each_other(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var teams = store.Sharing.Teams;
        var (alice, bob, carol) = (await AddUserAsync(store, "alice"), await AddUserAsync(store, "bob"), await AddUserAsync(store, "carol"));
        var first = await AddTeamAsync(store, alice, bob);
        var second = await AddTeamAsync(store, bob);
        var ofBob = await teams.ListAsync(bob, None);
        Assert.Equal([first, second], ofBob.Select(static item => item.Team));
        Assert.Equal([(alice, true), (bob, false)], ofBob[0].Members.Select(static member => (member.UserId, member.IsOwner)));
        Assert.Equal([first], (await teams.ListAsync(alice, None)).Select(static item => item.Team));
        Assert.Equal(ofBob[0].Members, (await teams.FindAsync(first.Id, alice, None))!.Members);
        Assert.Null(await teams.FindAsync(second.Id, alice, None));
        Assert.Null(await teams.FindAsync(first.Id, carol, None));
        Assert.Null(await teams.FindAsync("no id", alice, None));
        Assert.Equal(SharingTeamStatus.TooManyTeams, (await teams.CreateAsync(bob, "Third", Limits with { TeamsPerUser = 2 }, None)).Status);
        var outcomes = await WithinAsync(
            Task.WhenAll(Enumerable.Range(0, 6).Select(i => teams.CreateAsync(bob, $"T{i}", Limits with { TeamsPerUser = 4 }, None))), "the teams");
        Assert.Equal(2, outcomes.Count(static outcome => outcome.Status == SharingTeamStatus.Done));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => teams.CreateAsync(bob, "a\0b", Limits, None));
        Assert.Equal(SharingTeamStatus.UnknownMember, (await teams.CreateAsync(SharingIds.New(), "T", Limits, None)).Status);
    }

    [Theory]
    [BothEngines]
    public async Task Of_users_who_accept_one_invitation_at_once_one_gets_in(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var teams = store.Sharing.Teams;
        var owner = await AddUserAsync(store, "owner");
        var team = await AddTeamAsync(store, owner);
        var users = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            users.Add(await AddUserAsync(store, $"u{i}"));
        }

        var invitation = await InviteAsync(teams, team.Id, owner);
        Assert.Matches("^[A-Za-z0-9_-]{32}$", invitation.Token);
        var outcomes = await WithinAsync(Task.WhenAll(users.Select(user => AcceptAsync(teams, invitation.Token!, user))), "the acceptances");
        var winner = users[Array.FindIndex(outcomes, static outcome => outcome.Status == SharingTeamStatus.Done)];
        Assert.Equal(7, outcomes.Count(static outcome => outcome is { Status: SharingTeamStatus.InvalidInvitation, Event: null }));
        var told = Assert.Single(outcomes, static outcome => outcome.Event is not null).Event!;
        Assert.Equal(("joined " + team.Id, 2), (told.Text.Name, told.Audience.Count));
        Assert.Equal([owner, winner], (await teams.FindAsync(team.Id, owner, None))!.Members.Select(static member => member.UserId));

        // The same user again, at once or later: in already, and nobody is told. Removed, it does not let in again.
        var again = await WithinAsync(
            Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AcceptAsync(teams, invitation.Token!, winner))), "the repetitions");
        Assert.All(again, static outcome => Assert.Equal((SharingTeamStatus.Done, null), (outcome.Status, outcome.Event)));
        Assert.Equal(SharingTeamStatus.Done, (await AcceptAsync(teams, invitation.Token!, owner)).Status);
        Assert.Equal(SharingTeamStatus.Done, (await teams.RemoveMemberAsync(team.Id, winner, owner, Removed, None)).Status);
        Assert.Equal(SharingTeamStatus.InvalidInvitation, (await AcceptAsync(teams, invitation.Token!, winner)).Status);
        Assert.Equal(SharingTeamStatus.UnknownInvitation, (await AcceptAsync(teams, "unknown", winner)).Status);
        Assert.Equal(SharingTeamStatus.UnknownInvitation, (await AcceptAsync(teams, "\0\uD800", winner)).Status);
        Assert.Equal(SharingTeamStatus.UnknownMember, (await AcceptAsync(teams, invitation.Token!, SharingIds.New())).Status);
    }

    [Theory]
    [BothEngines]
    public async Task One_user_who_accepts_at_once_joins_once(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var teams = store.Sharing.Teams;
        var (owner, bob) = (await AddUserAsync(store, "owner"), await AddUserAsync(store, "bob"));
        var team = await AddTeamAsync(store, owner);
        var invitation = await InviteAsync(teams, team.Id, owner);
        var outcomes = await WithinAsync(
            Task.WhenAll(Enumerable.Range(0, 8).Select(_ => AcceptAsync(teams, invitation.Token!, bob))), "the acceptances");
        Assert.All(outcomes, static outcome => Assert.Equal(SharingTeamStatus.Done, outcome.Status));
        Assert.Single(outcomes, static outcome => outcome.Event is not null);
        Assert.Single(await ReadActionsAsync(store), "TEAM_MEMBER_ACCEPTED_INVITATION");
    }

    [Theory]
    [BothEngines]
    public async Task Full_teams_and_users_in_many_stay_as_they_are(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var teams = store.Sharing.Teams;
        var owner = await AddUserAsync(store, "owner");
        var team = await AddTeamAsync(store, owner);
        var other = await AddTeamAsync(store, owner);
        var users = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            users.Add(await AddUserAsync(store, $"u{i}"));
        }

        var three = Limits with { MembersPerTeam = 3 };
        var outcomes = await WithinAsync(
            Task.WhenAll(users.Select(async user => await AcceptAsync(teams, (await InviteAsync(teams, team.Id, owner)).Token!, user, three))),
            "the acceptances");
        Assert.Equal(2, outcomes.Count(static outcome => outcome.Status == SharingTeamStatus.Done));
        Assert.Equal(2, outcomes.Count(static outcome => outcome.Status == SharingTeamStatus.TooManyMembers));

        var member = users[Array.FindIndex(outcomes, static outcome => outcome.Status == SharingTeamStatus.Done)];
        var invitation = await InviteAsync(teams, other.Id, owner);
        Assert.Equal(
            SharingTeamStatus.TooManyTeams, (await AcceptAsync(teams, invitation.Token!, member, Limits with { TeamsPerUser = 1 })).Status);
        Assert.Equal(SharingTeamStatus.Done, (await AcceptAsync(teams, invitation.Token!, member)).Status);
    }

    [Theory]
    [BothEngines]
    public async Task Invitations_are_the_owners_bounded_listed_and_taken_back(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var teams = store.Sharing.Teams;
        var (owner, bob, carol) = (await AddUserAsync(store, "owner"), await AddUserAsync(store, "bob"), await AddUserAsync(store, "carol"));
        var team = await AddTeamAsync(store, owner, bob);
        Assert.Equal(SharingTeamStatus.Forbidden, (await teams.InviteAsync(team.Id, bob, TimeSpan.FromHours(1), Limits, None)).Status);
        Assert.Equal(SharingTeamStatus.Forbidden, (await teams.InviteAsync(team.Id, carol, TimeSpan.FromHours(1), Limits, None)).Status);
        Assert.Equal(SharingTeamStatus.UnknownTeam, (await InviteAsync(teams, SharingIds.New(), owner)).Status);
        Assert.Equal(SharingTeamStatus.UnknownTeam, (await InviteAsync(teams, "no id", owner)).Status);

        var few = Limits with { PendingInvitations = 2 };
        var outcomes = await WithinAsync(
            Task.WhenAll(Enumerable.Range(0, 6).Select(_ => teams.InviteAsync(team.Id, owner, TimeSpan.FromHours(1), few, None))), "the invitations");
        var made = outcomes.Where(static outcome => outcome.Status == SharingTeamStatus.Done).ToList();
        Assert.Equal(2, made.Count);
        Assert.Equal(4, outcomes.Count(static outcome => outcome.Status == SharingTeamStatus.TooManyInvitations));

        var list = await teams.ListInvitationsAsync(team.Id, owner, 10, None);
        Assert.Equal(SharingTeamStatus.Done, list.Status);
        Assert.Equal(3, list.Invitations.Count);
        Assert.Equal(bob, list.Invitations[2].AcceptedBy);
        Assert.Equal(made.Select(static item => item.Invitation!).OrderBy(static item => item.Id), list.Invitations.Take(2).OrderBy(static item => item.Id));
        Assert.Equal(list.Invitations[2].CreatedAt + TimeSpan.FromHours(1), list.Invitations[2].ExpiresAt);
        Assert.Single((await teams.ListInvitationsAsync(team.Id, owner, 1, None)).Invitations);
        Assert.Equal(SharingTeamStatus.Forbidden, (await teams.ListInvitationsAsync(team.Id, bob, 10, None)).Status);
        Assert.Equal(SharingTeamStatus.UnknownTeam, (await teams.ListInvitationsAsync("x", bob, 10, None)).Status);

        var revoked = made[0].Invitation!.Id;
        Assert.Equal(SharingTeamStatus.Forbidden, (await teams.RevokeInvitationAsync(team.Id, revoked, bob, None)).Status);
        Assert.Equal(SharingTeamStatus.Done, (await teams.RevokeInvitationAsync(team.Id, revoked, owner, None)).Status);
        Assert.Equal(SharingTeamStatus.Done, (await teams.RevokeInvitationAsync(team.Id, revoked, owner, None)).Status);
        Assert.Equal(SharingTeamStatus.InvalidInvitation, (await AcceptAsync(teams, made[0].Token!, carol)).Status);
        Assert.Equal(SharingTeamStatus.InvalidInvitation, (await AcceptAsync(teams, made[0].Token!, bob)).Status);
        Assert.Equal(SharingTeamStatus.InvalidInvitation, (await teams.RevokeInvitationAsync(team.Id, list.Invitations[2].Id, owner, None)).Status);
        Assert.Equal(SharingTeamStatus.UnknownInvitation, (await teams.RevokeInvitationAsync(team.Id, "a\0", owner, None)).Status);
        var other = await AddTeamAsync(store, owner);
        Assert.Equal(SharingTeamStatus.UnknownInvitation, (await teams.RevokeInvitationAsync(other.Id, made[1].Invitation!.Id, owner, None)).Status);
        Assert.Single(await ReadActionsAsync(store), "TEAM_INVITATION_REVOKED");

        // Room for another one, while those that wait are counted alone; an expired one opens nothing, not even to members.
        Assert.Equal(SharingTeamStatus.Done, (await teams.InviteAsync(team.Id, owner, TimeSpan.FromHours(1), few, None)).Status);
        await ExecuteAsync(store.Database, $"UPDATE sharing_invitations SET expires_at = {Past(engine)} WHERE id = '{made[1].Invitation!.Id}'");
        Assert.Equal(SharingTeamStatus.InvalidInvitation, (await AcceptAsync(teams, made[1].Token!, carol)).Status);
        Assert.Equal(SharingTeamStatus.InvalidInvitation, (await AcceptAsync(teams, made[1].Token!, bob)).Status);
        Assert.Equal(0, await teams.DeleteExpiredInvitationsAsync(TimeSpan.FromDays(36500), 10, None));
        Assert.Equal(1, await teams.DeleteExpiredInvitationsAsync(TimeSpan.FromDays(30), 10, None));
        Assert.Equal(SharingTeamStatus.UnknownInvitation, (await AcceptAsync(teams, made[1].Token!, carol)).Status);
    }

    [Theory]
    [BothEngines]
    public async Task An_invitation_is_either_used_or_taken_back(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var teams = store.Sharing.Teams;
        var owner = await AddUserAsync(store, "owner");
        var team = await AddTeamAsync(store, owner);
        for (var i = 0; i < 6; i++)
        {
            var user = await AddUserAsync(store, $"u{i}");
            var invitation = await InviteAsync(teams, team.Id, owner);
            var outcomes = await WithinAsync(
                Task.WhenAll(teams.RevokeInvitationAsync(team.Id, invitation.Invitation!.Id, owner, None), AcceptAsync(teams, invitation.Token!, user)),
                "both");
            Assert.Equal(
                [SharingTeamStatus.Done, SharingTeamStatus.InvalidInvitation], outcomes.Select(static outcome => outcome.Status).Order());
            Assert.Equal(outcomes[1].Status == SharingTeamStatus.Done, await teams.FindAsync(team.Id, user, None) is not null);
        }
    }

    [Theory]
    [BothEngines]
    public async Task Members_leave_and_are_removed_but_the_owner_stays(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var teams = store.Sharing.Teams;
        var (owner, bob, carol, dave) = (
            await AddUserAsync(store, "owner"), await AddUserAsync(store, "bob"), await AddUserAsync(store, "carol"), await AddUserAsync(store, "dave"));
        var team = await AddTeamAsync(store, owner, bob, carol);
        Assert.Equal(SharingTeamStatus.Forbidden, await RemoveAsync(bob, carol));
        Assert.Equal(SharingTeamStatus.Forbidden, await RemoveAsync(bob, dave));
        Assert.Equal(SharingTeamStatus.Forbidden, await RemoveAsync(dave, dave));
        Assert.Equal(SharingTeamStatus.IsOwner, await RemoveAsync(owner, owner));
        Assert.Equal(SharingTeamStatus.UnknownMember, await RemoveAsync(dave, owner));
        Assert.Equal(SharingTeamStatus.UnknownMember, await RemoveAsync("no id\0", owner));
        Assert.Equal(SharingTeamStatus.UnknownTeam, (await teams.RemoveMemberAsync(SharingIds.New(), bob, owner, Removed, None)).Status);

        var removals = await WithinAsync(
            Task.WhenAll(Enumerable.Range(0, 6).Select(i => teams.RemoveMemberAsync(team.Id, bob, i % 2 == 0 ? owner : bob, Removed, None))), "the removals");
        var told = Assert.Single(removals, static removal => removal.Status == SharingTeamStatus.Done).Event!;
        Assert.Equal(new[] { owner, bob, carol }.Order(StringComparer.Ordinal), told.Audience.Order(StringComparer.Ordinal));
        Assert.Equal(SharingTeamStatus.Done, await RemoveAsync(carol, carol));
        Assert.Equal("TEAM_MEMBER_LEFT", (await ReadActionsAsync(store)).First());
        Assert.Equal(SharingTeamStatus.Forbidden, await RemoveAsync(carol, carol));
        Assert.Equal([owner], (await teams.FindAsync(team.Id, owner, None))!.Members.Select(static member => member.UserId));

        async Task<SharingTeamStatus> RemoveAsync(string member, string by) => (await teams.RemoveMemberAsync(team.Id, member, by, Removed, None)).Status;
    }

    [Theory]
    [BothEngines]
    public async Task The_owner_changes_a_team_and_gives_it_away(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var teams = store.Sharing.Teams;
        var (owner, bob, carol) = (await AddUserAsync(store, "owner"), await AddUserAsync(store, "bob"), await AddUserAsync(store, "carol"));
        var team = await AddTeamAsync(store, owner, bob);
        Assert.Equal(SharingTeamStatus.Forbidden, (await ChangeAsync(bob, new(Name: "Mine"))).Status);
        Assert.Equal(SharingTeamStatus.UnknownMember, (await ChangeAsync(owner, new(Name: "New", OwnerId: carol))).Status);
        Assert.Equal(SharingTeamStatus.UnknownMember, (await ChangeAsync(owner, new(OwnerId: "no id\0"))).Status);
        Assert.Equal(SharingTeamStatus.UnknownTeam, (await teams.ChangeAsync("x", owner, new(), static _ => Told("x"), None)).Status);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => ChangeAsync(owner, new(RetentionDays: 3651)));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => ChangeAsync(owner, new(Name: "\uD800")));
        Assert.Equal((SharingTeamStatus.Done, team, null), Parts(await ChangeAsync(owner, new(Name: team.Name, OwnerId: owner, RetentionDays: 0))));

        var renamed = await ChangeAsync(owner, new(Name: "New"));
        Assert.Equal((team with { Name = "New" }, $"New {owner}"), (renamed.Team, renamed.Event!.Text.Name));
        Assert.Equal((SharingTeamStatus.Done, renamed.Team! with { RetentionDays = 30 }, null), Parts(await ChangeAsync(owner, new(RetentionDays: 30))));
        Assert.Equal((SharingTeamStatus.Done, renamed.Team, null), Parts(await ChangeAsync(owner, new(RetentionDays: 0))));

        // Of two that give it away at once the second no longer owns it.
        var extra = await InviteAsync(teams, team.Id, owner);
        Assert.Equal(SharingTeamStatus.Done, (await AcceptAsync(teams, extra.Token!, carol)).Status);
        var transfers = await WithinAsync(Task.WhenAll(ChangeAsync(owner, new(OwnerId: bob)), ChangeAsync(owner, new(OwnerId: carol))), "the transfers");
        var done = Assert.Single(transfers, static transfer => transfer.Status == SharingTeamStatus.Done);
        Assert.Single(transfers, static transfer => transfer.Status == SharingTeamStatus.Forbidden);
        var after = (await teams.FindAsync(team.Id, owner, None))!;
        Assert.Equal(done.Team, after.Team);
        Assert.Equal(done.Team!.OwnerId, Assert.Single(after.Members, static member => member.IsOwner).UserId);
        Assert.Equal(SharingTeamStatus.Done, (await teams.RemoveMemberAsync(team.Id, owner, owner, Removed, None)).Status);
        Assert.Equal(
            ["TEAM_MEMBER_LEFT", "TEAM_OWNER_CHANGED"],
            (await ReadActionsAsync(store)).Take(2));

        Task<SharingTeamOutcome> ChangeAsync(string by, SharingTeamChange change) =>
            teams.ChangeAsync(team.Id, by, change, static changed => Told($"{changed.Name} {changed.OwnerId}"), None);

        static (SharingTeamStatus Status, SharingTeam? Team, SharingEvent? Event) Parts(SharingTeamOutcome outcome) =>
            (outcome.Status, outcome.Team, outcome.Event);
    }

    [Theory]
    [BothEngines]
    public async Task A_deleted_team_takes_its_shares_along_and_gives_their_room_back(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var teams = store.Sharing.Teams;
        var (owner, bob) = (await AddUserAsync(store, "owner"), await AddUserAsync(store, "bob"));
        var team = await AddTeamAsync(store, owner, bob);
        var other = await AddTeamAsync(store, bob);
        foreach (var (author, teamId) in new[] { (owner, team.Id), (bob, team.Id), (bob, team.Id), (bob, other.Id) })
        {
            Assert.Equal(ShareWriteStatus.Done, await ShareAsync(store, author, teamId));
        }

        var stored = await StoredAsync(store, bob);
        Assert.Equal(stored, 3 * await StoredAsync(store, owner));
        Assert.Equal(SharingTeamStatus.Forbidden, (await teams.DeleteAsync(team.Id, bob, Deleted, None)).Status);
        Assert.Equal(SharingTeamStatus.UnknownTeam, (await teams.DeleteAsync(SharingIds.New(), owner, Deleted, None)).Status);
        var invitation = await InviteAsync(teams, team.Id, owner);

        var outcomes = await WithinAsync(Task.WhenAll(Enumerable.Range(0, 5).Select(_ => teams.DeleteAsync(team.Id, owner, Deleted, None))), "the deletions");
        var told = Assert.Single(outcomes, static outcome => outcome.Status == SharingTeamStatus.Done).Event!;
        Assert.Equal(4, outcomes.Count(static outcome => outcome.Status == SharingTeamStatus.UnknownTeam));
        Assert.Equal(new[] { owner, bob }.Order(StringComparer.Ordinal), told.Audience.Order(StringComparer.Ordinal));
        Assert.Equal(2, await CountAsync(store.Database, $"sharing_event_users WHERE event_id = {told.Id}"));
        Assert.Equal((0, stored / 3), (await StoredAsync(store, owner), await StoredAsync(store, bob)));
        Assert.Equal(1, await CountAsync(store.Database, "sharing_shares"));
        Assert.Equal([other], (await teams.ListAsync(bob, None)).Select(static item => item.Team));
        Assert.Equal(SharingTeamStatus.UnknownInvitation, (await AcceptAsync(teams, invitation.Token!, bob)).Status);

        // Whoever has none left gets one again.
        Assert.Equal("owner's Team", Assert.Single(await teams.ListAsync(owner, None)).Team.Name);
    }

    [Theory]
    [BothEngines]
    public async Task Who_shares_while_the_team_is_deleted_has_no_room_taken(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var owner = await AddUserAsync(store, "owner");
        var users = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            users.Add(await AddUserAsync(store, $"u{i}"));
        }

        for (var round = 0; round < 4; round++)
        {
            var team = await AddTeamAsync(store, owner, [.. users]);
            var sharing = users.Select(user => ShareAsync(store, user, team.Id)).ToList();
            var deleting = store.Sharing.Teams.DeleteAsync(team.Id, owner, Deleted, None);
            Assert.All(
                await WithinAsync(Task.WhenAll(sharing), "the shares"),
                static status => Assert.True(status is ShareWriteStatus.Done or ShareWriteStatus.Forbidden, status.ToString()));
            Assert.Equal(SharingTeamStatus.Done, (await WithinAsync(deleting, "the deletion")).Status);
            Assert.Equal(0, await CountAsync(store.Database, "sharing_shares"));
            Assert.Equal(0, await CountAsync(store.Database, "sharing_users WHERE stored_bytes <> 0"));
        }
    }

    [Theory]
    [BothEngines]
    public async Task The_audit_log_is_read_by_owners_and_by_oneself_page_by_page(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var teams = store.Sharing.Teams;
        var (owner, bob) = (await AddUserAsync(store, "owner"), await AddUserAsync(store, "bob"));
        var team = await AddTeamAsync(store, owner, bob);
        await AddTeamAsync(store, bob);
        await teams.RemoveMemberAsync(team.Id, bob, owner, Removed, None);
        Assert.Equal(SharingTeamStatus.Forbidden, (await teams.ReadTeamAuditAsync(team.Id, bob, null, 10, None)).Status);
        Assert.Equal(SharingTeamStatus.UnknownTeam, (await teams.ReadTeamAuditAsync("x", bob, null, 10, None)).Status);
        var all = (await teams.ReadTeamAuditAsync(team.Id, owner, null, 10, None)).Records;
        Assert.Equal(
            ["TEAM_MEMBER_REMOVED", "TEAM_MEMBER_ACCEPTED_INVITATION", "TEAM_INVITATION_CREATED", "TEAM_CREATED"],
            all.Select(static record => record.Entry.Action));
        Assert.Equal((owner, team.Id, bob), (all[0].Entry.Actor, all[0].Entry.Subject, all[0].Entry.Detail));
        Assert.Equal(all.Skip(2).Take(1), (await teams.ReadTeamAuditAsync(team.Id, owner, all[1].Id, 1, None)).Records);

        await store.Sharing.Devices.RegisterAsync(bob, new("d", "key", "fingerprint", null, "ECDH-P-256"), 2, Told("keys"), None);
        await store.Audit.AppendAsync(new AuditEntry("sharing", "BY_OPERATOR", null, bob, null), None);
        await store.Audit.AppendAsync(new AuditEntry("peers", "elsewhere", bob, bob, null), None);
        var own = await teams.ReadUserAuditAsync(bob, null, 10, None);
        Assert.Equal(
            ["BY_OPERATOR", "DEVICE_KEY_REGISTERED", "TEAM_CREATED", "TEAM_MEMBER_ACCEPTED_INVITATION"], own.Select(static record => record.Entry.Action));
        Assert.Equal(own.Skip(1).Take(2), await teams.ReadUserAuditAsync(bob, own[0].Id, 2, None));
        Assert.Empty(await teams.ReadUserAuditAsync("x\0", null, 10, None));
    }

    private static Task<SharingNewInvitation> InviteAsync(ISharingTeams teams, string teamId, string by) =>
        teams.InviteAsync(teamId, by, TimeSpan.FromHours(1), Limits, None);

    private static Task<SharingTeamOutcome> AcceptAsync(ISharingTeams teams, string token, string user, SharingTeamLimits? limits = null) =>
        teams.AcceptInvitationAsync(token, user, limits ?? Limits, static teamId => Told("joined " + teamId), None);

    private static async Task<ShareWriteStatus> ShareAsync(DataStore store, string author, string teamId)
    {
        var share = new NewShare(author, teamId, "ciphertext", "iv", null, "{}", null, new ShareWraps(string.Empty, 0, []), null);
        return (await store.Sharing.Shares.CreateAsync(share, new ShareLimits(10, 1_000_000), static _ => Told("shared"), None)).Status;
    }

    private static Task<long> StoredAsync(DataStore store, string user) => store.Database.ReadAsync(
        "reading", session => session.QueryFirstAsync("SELECT stored_bytes FROM sharing_users WHERE id = $1", static row => row.Integer(0), user), None);

    private static string Past(DatabaseEngine engine) => engine is DatabaseEngine.Sqlite ? "1000000" : "timestamptz '1970-01-01 00:00:01+00'";
}
