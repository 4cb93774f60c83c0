using System.Net.Http.Headers;
using System.Text;
using PeerSync.Storage.Sharing;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sharing;

/// <summary>Every route about keys, pairing, teams and the audit log, called by nobody, a stranger, a former member, a member and the owner.</summary>
public sealed class TeamsIsolationTests(SharingHostFixture fixture) : IClassFixture<SharingHostFixture>
{
    private static readonly string Key = TestDeviceKey.New().Json;

    private SharingTestUser? _owner;
    private SharingTestUser? _member;
    private SharingTestUser? _other;
    private SharingTestUser? _former;
    private SharingTestUser? _stranger;

    /// <summary>Method, route, body, and what a stranger, a former member, a member and the owner are answered.</summary>
    public static TheoryData<string, string, string?, int, int, int, int> Routes { get; } = new()
    {
        { "GET", "keys/me", null, 200, 200, 200, 200 },
        { "GET", "keys/team/default", null, 200, 200, 200, 200 },
        { "GET", "keys/team/<team>", null, 403, 403, 200, 200 },
        { "GET", "keys/team/unknown", null, 403, 403, 403, 403 },
        { "POST", "keys/register", """{"deviceId":"own","encryptionPublicKeyJwk":<key>}""", 200, 200, 200, 200 },
        { "DELETE", "keys/device/<device>", null, 200, 200, 400, 200 },
        { "DELETE", "keys/device/<device>/force", null, 200, 200, 200, 200 },
        { "POST", "keys/pairing/init", """{"deviceId":"<device>","ivB64u":"AA","ciphertextB64u":"AA"}""", 200, 200, 200, 200 },
        { "POST", "keys/pairing/claim", """{"token":"<pairing>"}""", 403, 403, 200, 403 },
        { "GET", "teams/me", null, 200, 200, 200, 200 },
        { "POST", "teams", """{"name":"New"}""", 200, 200, 200, 200 },
        { "GET", "teams/<team>", null, 403, 403, 200, 200 },
        { "GET", "teams/unknown", null, 403, 403, 403, 403 },
        { "PATCH", "teams/<team>", """{"name":"Mine","retentionDays":1}""", 403, 403, 403, 200 },
        { "PATCH", "teams/unknown", """{"name":"Mine"}""", 404, 404, 404, 404 },
        { "DELETE", "teams/<team>", null, 403, 403, 403, 200 },
        { "DELETE", "teams/unknown", null, 404, 404, 404, 404 },
        { "POST", "teams/<team>/transfer", """{"userId":"<member>"}""", 403, 403, 403, 200 },
        { "POST", "teams/<team>/transfer", """{"userId":"<former>"}""", 403, 403, 403, 404 },
        { "POST", "teams/unknown/transfer", """{"userId":"<member>"}""", 404, 404, 404, 404 },
        { "POST", "teams/<team>/leave", null, 403, 403, 200, 409 },
        { "POST", "teams/unknown/leave", null, 404, 404, 404, 404 },
        { "DELETE", "teams/<team>/remove-member/<member>", null, 403, 403, 200, 200 },
        { "DELETE", "teams/<team>/remove-member/<other>", null, 403, 403, 403, 200 },
        { "DELETE", "teams/<team>/remove-member/<owner>", null, 403, 403, 403, 409 },
        { "DELETE", "teams/<team>/remove-member/<former>", null, 403, 403, 403, 404 },
        { "DELETE", "teams/<team>/remove-member/unknown", null, 403, 403, 403, 404 },
        { "DELETE", "teams/unknown/remove-member/<member>", null, 404, 404, 404, 404 },
        { "POST", "teams/<team>/invite", null, 403, 403, 403, 200 },
        { "POST", "teams/unknown/invite", null, 404, 404, 404, 404 },
        { "GET", "teams/<team>/invitations", null, 403, 403, 403, 200 },
        { "GET", "teams/unknown/invitations", null, 404, 404, 404, 404 },
        { "DELETE", "teams/<team>/invitations/<invitation>", null, 403, 403, 403, 200 },
        { "DELETE", "teams/<team>/invitations/<used>", null, 403, 403, 403, 409 },
        { "DELETE", "teams/<team>/invitations/unknown", null, 403, 403, 403, 404 },
        { "DELETE", "teams/unknown/invitations/<invitation>", null, 404, 404, 404, 404 },
        { "POST", "teams/invite/<token>", null, 200, 200, 200, 200 },
        { "POST", "teams/invite/<usedToken>", null, 400, 400, 200, 200 },
        { "POST", "teams/invite/unknown", null, 404, 404, 404, 404 },
        { "GET", "teams/<team>/audit", null, 403, 403, 403, 200 },
        { "GET", "teams/unknown/audit", null, 404, 404, 404, 404 },
        { "GET", "audit", null, 200, 200, 200, 200 },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Each_caller_gets_what_it_may_and_nothing_else_changes(
        string method, string route, string? body, int stranger, int former, int member, int owner)
    {
        _owner = await fixture.NewUserAsync("owner");
        _member = await fixture.NewUserAsync("member");
        _other = await fixture.NewUserAsync("other");
        _former = await fixture.NewUserAsync("former");
        _stranger = await fixture.NewUserAsync("stranger");
        World? world = null;
        foreach (var (caller, status) in new[] { ((SharingTestUser?)null, 401), (_stranger, stranger), (_former, former), (_member, member), (_owner, owner) })
        {
            world ??= await BuildAsync();
            var before = await DescribeAsync(world);
            using var request = new HttpRequestMessage(new HttpMethod(method), $"{SharingTestHost.Base}/protected/{Fill(route, world)}");
            if (caller is not null)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", caller.Access);
            }

            request.Content = body is null ? null : new StringContent(Fill(body, world), Encoding.UTF8, "application/json");
            using var response = await fixture.Host.Http.SendAsync(request, PeerSyncTestHost.Cancel);
            var text = await response.Content.ReadAsStringAsync(PeerSyncTestHost.Cancel);
            var where = $"{caller?.Name ?? "nobody"}: {(int)response.StatusCode} {text}";
            Assert.True((int)response.StatusCode == status, where);
            if (status == 401)
            {
                Assert.Equal("Unauthorized", text);
            }
            else if (status != 200)
            {
                Assert.StartsWith("{\"error\":\"", text, StringComparison.Ordinal);
            }

            // Who is not in the team hears nothing of it, whatever the answer.
            if (caller is not null && caller != _member && caller != _owner)
            {
                Assert.True(!new[] { world.Team, _owner.Id, _member.Id, "secret-device" }.Any(text.Contains) || route == "audit", where);
            }

            if (status != 200 || method == "GET" || (caller != _owner && caller != _member && !route.StartsWith("teams/invite", StringComparison.Ordinal)))
            {
                Assert.Equal(before, await DescribeAsync(world));
            }
            else
            {
                world = null;
            }
        }
    }

    private async Task<World> BuildAsync()
    {
        var store = fixture.Host.Store;
        var team = await fixture.NewTeamAsync(_owner!, _member!, _other!);
        var used = await fixture.JoinAsync(team, _owner!, _former!);
        await store.Teams.RemoveMemberAsync(team, _former!.Id, _owner!.Id, new("x", "{}"), PeerSyncTestHost.Cancel);
        var open = await fixture.InviteAsync(team, _owner);
        await store.Devices.RegisterAsync(
            _member!.Id, new NewSharingDevice("secret-device", Key, "fingerprint", null, "a"), 2, new("x", "{}"), PeerSyncTestHost.Cancel);
        var pairing = await store.Devices.StartPairingAsync(
            _member.Id, "secret-device", new SharingPairing("iv", "ciphertext"), TimeSpan.FromMinutes(1), PeerSyncTestHost.Cancel);
        return new World(team, used, open, pairing!);
    }

    /// <summary>All that could have changed, but for what a caller has of its own.</summary>
    private async Task<string> DescribeAsync(World world)
    {
        var store = fixture.Host.Store;
        var team = await store.Teams.FindAsync(world.Team, _owner!.Id, PeerSyncTestHost.Cancel);
        var invitations = await store.Teams.ListInvitationsAsync(world.Team, _owner.Id, 100, PeerSyncTestHost.Cancel);
        var devices = await store.Devices.ListAsync(_member!.Id, PeerSyncTestHost.Cancel);
        return $"{team?.Team} {string.Join(' ', team?.Members ?? [])} {string.Join(' ', invitations.Invitations)} {string.Join(' ', devices)}";
    }

    private string Fill(string text, World world) => text
        .Replace("<team>", world.Team, StringComparison.Ordinal)
        .Replace("<owner>", _owner!.Id, StringComparison.Ordinal)
        .Replace("<member>", _member!.Id, StringComparison.Ordinal)
        .Replace("<other>", _other!.Id, StringComparison.Ordinal)
        .Replace("<former>", _former!.Id, StringComparison.Ordinal)
        .Replace("<key>", Key, StringComparison.Ordinal)
        .Replace("<device>", "secret-device", StringComparison.Ordinal)
        .Replace("<pairing>", world.Pairing, StringComparison.Ordinal)
        .Replace("<invitation>", world.Open.Invitation!.Id, StringComparison.Ordinal)
        .Replace("<used>", world.Used.Invitation!.Id, StringComparison.Ordinal)
        .Replace("<token>", world.Open.Token, StringComparison.Ordinal)
        .Replace("<usedToken>", world.Used.Token, StringComparison.Ordinal);

    private sealed record World(string Team, SharingNewInvitation Used, SharingNewInvitation Open, string Pairing);
}
