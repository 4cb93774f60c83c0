using PeerSync.Storage;
using PeerSync.Storage.Sharing;

namespace PeerSync.Tests.Storage;

/// <summary>Users and teams for tests of what Sharing keeps.</summary>
internal static class SharingPeople
{
    internal static readonly SharingTeamLimits Limits = new(20, 500, 50);

    private static CancellationToken None => CancellationToken.None;

    /// <summary>Adds a user without a team.</summary>
    /// <returns>Its id.</returns>
    internal static Task<string> AddUserAsync(DataStore store, string name)
    {
        var id = SharingIds.New();
        return store.Database.WriteAsync(
            "adding a user",
            async session =>
            {
                await session.ExecuteAsync(
                    "INSERT INTO sharing_users (id, account, name, email, created_at) VALUES ($1, $2, $3, $4, $5)",
                    id,
                    "test:" + id,
                    name,
                    $"{name}@example.test",
                    store.Database.Now);
                return id;
            },
            None);
    }

    /// <summary>Makes a team whose owner is the first of the users, who join in their order.</summary>
    internal static async Task<SharingTeam> AddTeamAsync(DataStore store, string owner, params string[] others)
    {
        var team = (await store.Sharing.Teams.CreateAsync(owner, "Team", Limits, None)).Team!;
        foreach (var other in others)
        {
            var invitation = await store.Sharing.Teams.InviteAsync(team.Id, owner, TimeSpan.FromHours(1), Limits, None);
            var joined = await store.Sharing.Teams.AcceptInvitationAsync(invitation.Token!, other, Limits, static _ => Told("joined"), None);
            Assert.Equal(SharingTeamStatus.Done, joined.Status);
        }

        return team;
    }

    /// <summary>An event of this name.</summary>
    internal static SharingEventText Told(string name) => new(name, "{}");

    /// <summary>The actions in the audit log of Sharing, the newest first.</summary>
    internal static async Task<IEnumerable<string>> ReadActionsAsync(DataStore store) =>
        (await store.Audit.ReadNewestAsync("sharing", 100, None)).Select(static record => record.Entry.Action);
}
