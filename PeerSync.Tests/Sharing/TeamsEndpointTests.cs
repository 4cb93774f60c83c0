using System.Text.Json.Nodes;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sharing;

public sealed class TeamsEndpointTests(SharingHostFixture fixture) : IClassFixture<SharingHostFixture>
{
    [Fact]
    public async Task Of_users_who_accept_one_invitation_at_once_one_gets_in()
    {
        var owner = await fixture.NewUserAsync("owner");
        var team = await fixture.NewTeamAsync(owner);
        var users = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => fixture.NewUserAsync("user")));
        var token = (await fixture.InviteAsync(team, owner)).Token;
        var answers = await Task.WhenAll(users.Select(user => CallAsync(HttpMethod.Post, $"teams/invite/{token}", user)));
        Assert.Single(answers, static answer => answer.Status == 200);
        Assert.Equal(3, answers.Count(static answer => (answer.Status, (string?)answer.Body!["error"]) == (400, "Invalid or expired")));
        var winner = users[Array.FindIndex(answers, static answer => answer.Status == 200)];
        var line = $$"""team:memberJoined {"teamId":"{{team}}","userId":"{{winner.Id}}"}""";
        Assert.Single(fixture.Told, told => told == line);
        Assert.Equal(200, (await CallAsync(HttpMethod.Post, $"teams/invite/{token}", winner)).Status);
        Assert.Single(fixture.Told, told => told == line);
    }

    [Fact]
    public async Task A_team_is_made_renamed_given_away_left_and_deleted()
    {
        var owner = await fixture.NewUserAsync("owner");
        var bob = await fixture.NewUserAsync("bob");
        var (_, made) = await CallAsync(HttpMethod.Post, "teams", owner, """{"name":"  Crew "}""");
        var team = (string)made!["id"]!;
        Assert.Equal(("Crew", owner.Id, null), ((string?)made["name"], (string?)made["ownerId"], made["retentionDays"]));
        await fixture.JoinAsync(team, owner, bob);

        var (_, renamed) = await CallAsync(HttpMethod.Patch, $"teams/{team}", owner, """{"name":"New \"crew\"","retentionDays":30}""");
        Assert.Equal(("New \"crew\"", 30), ((string?)renamed!["name"], (int?)renamed["retentionDays"]));
        Assert.Contains($$"""team:changed {"teamId":"{{team}}","name":"New \"crew\"","ownerId":"{{owner.Id}}"}""", fixture.Told);
        Assert.Null((await CallAsync(HttpMethod.Patch, $"teams/{team}", owner, """{"retentionDays":null}""")).Body!["retentionDays"]);
        Assert.Single(fixture.Told, told => told.StartsWith("team:changed", StringComparison.Ordinal) && told.Contains(team, StringComparison.Ordinal));

        var transfer = $$"""{"userId":"{{bob.Id}}"}""";
        Assert.Equal(bob.Id, (string?)(await CallAsync(HttpMethod.Post, $"teams/{team}/transfer", owner, transfer)).Body!["ownerId"]);
        Assert.Equal(403, (await CallAsync(HttpMethod.Post, $"teams/{team}/transfer", owner, transfer)).Status);
        var (_, shown) = await CallAsync(HttpMethod.Get, $"teams/{team}", owner);
        Assert.Equal(
            [(owner.Id, "MEMBER"), (bob.Id, "OWNER")],
            shown!["members"]!.AsArray().Select(static member => ((string?)member!["id"], (string?)member["role"])));
        Assert.Equal(200, (await CallAsync(HttpMethod.Post, $"teams/{team}/leave", owner)).Status);
        Assert.Contains($$"""team:memberRemoved {"teamId":"{{team}}","userId":"{{owner.Id}}"}""", fixture.Told);
        Assert.Equal(200, (await CallAsync(HttpMethod.Delete, $"teams/{team}", bob)).Status);
        Assert.Contains($$"""team:deleted {"teamId":"{{team}}"}""", fixture.Told);
        Assert.DoesNotContain(team, (await CallAsync(HttpMethod.Get, "teams/me", bob)).Body!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invitations_are_listed_linked_and_taken_back()
    {
        var owner = await fixture.NewUserAsync("owner");
        var bob = await fixture.NewUserAsync("bob");
        var team = await fixture.NewTeamAsync(owner);
        var (_, made) = await CallAsync(HttpMethod.Post, $"teams/{team}/invite", owner);
        var token = (string)made!["token"]!;
        var link = new Uri((string)made["link"]!);
        Assert.Equal(fixture.Host.Server.Address.Authority, link.Authority);
        Assert.EndsWith($"/invite/{token}", link.AbsolutePath, StringComparison.Ordinal);
        using (var page = await fixture.Host.Http.GetAsync(link, PeerSyncTestHost.Cancel))
        {
            Assert.Equal((200, "text/plain"), ((int)page.StatusCode, page.Content.Headers.ContentType!.MediaType));
            Assert.DoesNotContain(token, await page.Content.ReadAsStringAsync(PeerSyncTestHost.Cancel), StringComparison.Ordinal);
        }

        var used = await fixture.JoinAsync(team, owner, bob);
        Assert.Equal(200, (await CallAsync(HttpMethod.Delete, $"teams/{team}/invitations/{(string?)made["id"]}", owner)).Status);
        var (_, list) = await CallAsync(HttpMethod.Get, $"teams/{team}/invitations", owner);
        var items = list!["items"]!.AsArray();
        Assert.Equal(
            [(used.Invitation!.Id, "accepted", bob.Id, false), ((string?)made["id"], "revoked", null, true)],
            items.Select(static item => ((string?)item!["id"], (string?)item["state"], (string?)item["acceptedBy"], item["revokedAt"] is not null)));
        Assert.DoesNotContain(token, list.ToJsonString(), StringComparison.Ordinal);
        var open = await fixture.InviteAsync(team, owner);
        var late = await fixture.InviteAsync(team, owner);
        await fixture.Host.Server.Server.Store.Database.WriteAsync(
            "moving a time",
            session => session.ExecuteAsync("UPDATE sharing_invitations SET expires_at = 1000000 WHERE id = $1", late.Invitation!.Id),
            PeerSyncTestHost.Cancel);
        (_, list) = await CallAsync(HttpMethod.Get, $"teams/{team}/invitations", owner);
        Assert.Equal(["expired", "open"], list!["items"]!.AsArray().Take(2).Select(static item => (string?)item!["state"]));
        Assert.Equal(open.Invitation!.Id, (string?)list["items"]![1]!["id"]);
    }

    [Fact]
    public async Task The_audit_log_is_read_page_by_page()
    {
        var owner = await fixture.NewUserAsync("owner");
        var bob = await fixture.NewUserAsync("bob");
        var team = await fixture.NewTeamAsync(owner, bob);
        await CallAsync(HttpMethod.Delete, $"teams/{team}/remove-member/{bob.Id}", owner);
        var (_, all) = await CallAsync(HttpMethod.Get, $"teams/{team}/audit", owner);
        var items = all!["items"]!.AsArray();
        Assert.Equal(
            ["TEAM_MEMBER_REMOVED", "TEAM_MEMBER_ACCEPTED_INVITATION", "TEAM_INVITATION_CREATED", "TEAM_CREATED"],
            items.Select(static item => (string?)item!["action"]));
        Assert.Equal((owner.Id, team, bob.Id), ((string?)items[0]!["actorId"], (string?)items[0]!["subjectId"], (string?)items[0]!["detail"]));
        Assert.Null(all["nextCursor"]);

        var pages = new List<string>();
        string? cursor = null;
        do
        {
            var (_, page) = await CallAsync(HttpMethod.Get, $"teams/{team}/audit?limit=3" + (cursor is null ? string.Empty : $"&before={cursor}"), owner);
            pages.AddRange(page!["items"]!.AsArray().Select(static item => (string)item!["id"]!));
            cursor = (string?)page["nextCursor"];
        }
        while (cursor is not null);
        Assert.Equal(items.Select(static item => (string?)item!["id"]), pages);

        var (_, own) = await CallAsync(HttpMethod.Get, "audit?limit=1", bob);
        Assert.Equal("TEAM_MEMBER_ACCEPTED_INVITATION", (string?)Assert.Single(own!["items"]!.AsArray())!["action"]);
        Assert.NotNull(own["nextCursor"]);
        foreach (var query in new[] { "limit=0", "limit=201", "limit=x", "limit=", "before=-1", "before=x", "before=99999999999999999999" })
        {
            Assert.Equal(400, (await CallAsync(HttpMethod.Get, $"teams/{team}/audit?{query}", owner)).Status);
            Assert.Equal(400, (await CallAsync(HttpMethod.Get, $"audit?{query}", owner)).Status);
        }
    }

    [Fact]
    public async Task Settings_bound_what_there_may_be()
    {
        await using var host = await SharingTestHost.StartAsync(
            "peersync.sharing { max-devices = 1, max-teams-per-user = 2, max-members-per-team = 2, max-pending-invitations = 2 }");
        var (alice, bob, carol) = (await host.LogInAsync("alice"), await host.LogInAsync("bob"), await host.LogInAsync("carol"));
        Assert.Equal(200, await RegisterAsync("a"));
        Assert.Equal(409, await RegisterAsync("b"));
        var (_, made) = await host.CallAsync(HttpMethod.Post, "teams", alice, """{"name":"Second"}""");
        Assert.Equal(409, (await host.CallAsync(HttpMethod.Post, "teams", alice, """{"name":"Third"}""")).Status);
        var team = (string)made!["id"]!;
        var first = await InviteAsync(alice, team);
        var second = await InviteAsync(alice, team);
        Assert.Equal(409, (await host.CallAsync(HttpMethod.Post, $"teams/{team}/invite", alice)).Status);
        Assert.Equal(200, (await host.CallAsync(HttpMethod.Post, $"teams/invite/{first}", bob)).Status);
        Assert.Equal(409, (await host.CallAsync(HttpMethod.Post, $"teams/invite/{second}", carol)).Status);
        var (_, ofCarol) = await host.CallAsync(HttpMethod.Get, "teams/me", carol);
        var third = await InviteAsync(carol, (string)ofCarol!["teams"]![0]!["id"]!);
        Assert.Equal(409, (await host.CallAsync(HttpMethod.Post, $"teams/invite/{third}", bob)).Status);

        async Task<int> RegisterAsync(string device) => (await host.CallAsync(
            HttpMethod.Post, "keys/register", alice, $$"""{"deviceId":"{{device}}","encryptionPublicKeyJwk":{{TestDeviceKey.New().Json}}}""")).Status;

        async Task<string> InviteAsync(SharingTestUser owner, string teamId) =>
            (string)(await host.CallAsync(HttpMethod.Post, $"teams/{teamId}/invite", owner)).Body!["token"]!;
    }

    private Task<(int Status, JsonNode? Body)> CallAsync(HttpMethod method, string route, SharingTestUser user, string? json = null) =>
        fixture.Host.CallAsync(method, route, user, json);
}
