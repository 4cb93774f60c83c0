using PeerSync.Storage;
using PeerSync.Storage.Databases;
using PeerSync.Storage.Sharing;

namespace PeerSync.Tests.Sharing;

/// <summary>Users, teams and events as the operations of the feature leave them, for tests of the feed alone.</summary>
internal sealed class FeedRows(DataStore store)
{
    private Database Database => store.Database;

    /// <summary>A user whose id begins with a name.</summary>
    internal async Task<string> UserAsync(string name)
    {
        var id = "c" + name.PadRight(24, '0');
        await Database.WriteAsync(
            "adding a user",
            session => session.ExecuteAsync(
                "INSERT INTO sharing_users (id, account, name, email, created_at) VALUES ($1, $2, $3, $4, $5)", id, $"dev:{name}", name, $"{name}@example.org", Database.Now),
            CancellationToken.None);
        return id;
    }

    /// <summary>A team; the first member owns it.</summary>
    internal async Task<string> TeamAsync(string name, params string[] members)
    {
        var teamId = await Database.WriteAsync(
            "adding a team", session => SharingRows.CreateTeamAsync(session, Database.Now, name, members[0]), CancellationToken.None);
        foreach (var member in members.Skip(1))
        {
            await JoinAsync(teamId, member);
        }

        return teamId;
    }

    internal Task JoinAsync(string teamId, string userId) => Database.WriteAsync(
        "adding a member",
        session => session.ExecuteAsync("INSERT INTO sharing_members (team_id, user_id, role, joined_at) VALUES ($1, $2, 'MEMBER', $3)", teamId, userId, Database.Now),
        CancellationToken.None);

    internal Task LeaveAsync(string teamId, string userId) => Database.WriteAsync(
        "removing a member", session => session.ExecuteAsync("DELETE FROM sharing_members WHERE team_id = $1 AND user_id = $2", teamId, userId), CancellationToken.None);

    internal Task<SharingEvent> TellTeamAsync(string teamId, string payload = "{}", params string[] further) => Database.WriteAsync(
        "telling a team",
        session => SharingEventRows.AppendForTeamAsync(session, Database.Now, new SharingEventText("test:team", payload, """{"brief":true}"""), teamId, further),
        CancellationToken.None);

    internal Task<SharingEvent> TellAboutAsync(string userId) => Database.WriteAsync(
        "telling about a user",
        session => SharingEventRows.AppendAboutUserAsync(session, Database.Now, new SharingEventText("test:user", "{}"), userId),
        CancellationToken.None);

    internal Task<SharingEvent> TellUsersAsync(params string[] users) => Database.WriteAsync(
        "telling users",
        session => SharingEventRows.AppendForUsersAsync(session, Database.Now, new SharingEventText("test:users", "{}"), users),
        CancellationToken.None);
}
