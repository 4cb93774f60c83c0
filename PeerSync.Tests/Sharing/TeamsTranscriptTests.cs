using PeerSync.Host.Sharing;
using PeerSync.Storage.Sharing;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sharing;

/// <summary>The recorded exchanges about keys, pairing and teams, with the deviations that the contract asks for.</summary>
public sealed class TeamsTranscriptTests
{
    private const string Invalid = """{"error":"Invalid body"}""";
    private const string OneError = "1.1: one form for all bad bodies";
    private const string Fingerprints = "13: fingerprints to verify";

    private readonly ManualTimeProvider _time = new();
    private string? _alice;

    [Fact]
    public async Task Registration()
    {
        await using var host = await SharingTestHost.StartAsync();
        var transcript = await BeginAsync("keys_register_list", host, isBobMember: true);
        await transcript
            .Deviating(9, "3: a third device is 409", 409, """{"error":"Device limit reached (2)"}""")
            .Adding(Fingerprints, "fingerprint")
            .ReplayAsync();
    }

    [Fact]
    public async Task RegistrationErrors()
    {
        await using var host = await SharingTestHost.StartAsync();
        var transcript = await BeginAsync("keys_errors", host, isBobMember: true);
        await transcript
            .Deviating(3, OneError, 400, Invalid)
            .Deviating(4, OneError, 400, Invalid)
            .Deviating(5, OneError, 400, Invalid)
            .Deviating(9, "3: a missing key is 400", 400, Invalid)
            .Deviating(11, "12, flaw 5: a key is a point on P-256", 400, Invalid)
            .Deviating(12, "12, flaw 5: what is no key is not there", 200, """{"devices":[]}""")
            .ReplayAsync();
    }

    [Fact]
    public async Task PairingErrors()
    {
        await using var host = await SharingTestHost.StartAsync(time: _time);
        var transcript = await BeginAsync("pairing_errors", host, isBobMember: true);
        foreach (var line in new[] { 3, 5, 6, 7, 8 })
        {
            transcript.Deviating(line, OneError, 400, Invalid);
        }

        await transcript
            .Before(2, async () =>
            {
                foreach (var device in new[] { "1700000000001-aaaaaa", "1700000000002-bbbbbb" })
                {
                    await host.Store.Devices.RegisterAsync(
                        _alice!, new NewSharingDevice(device, TestDeviceKey.New().Json, "f", null, "a"), 2, new("x", "{}"), PeerSyncTestHost.Cancel);
                }
            })
            .Before(13, () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1.2));
                return Task.CompletedTask;
            })
            .ReplayAsync();
    }

    [Fact]
    public async Task TeamErrors()
    {
        await using var host = await SharingTestHost.StartAsync();
        var transcript = await BeginAsync("teams_errors", host, isBobMember: true);
        var database = host.Server.Server.Store.Database;
        await database.WriteAsync(
            "moving a time", static session => session.ExecuteAsync("UPDATE sharing_invitations SET expires_at = 1000000"), PeerSyncTestHost.Cancel);
        const string Forbidden = """{"error":"Forbidden"}""";
        const string NoTeam = """{"error":"Team not found"}""";
        await transcript
            .Deviating(1, "4: better 404", 404, """{"error":"Invitation not found"}""")
            .Deviating(5, "12, flaw 1: the owner alone invites", 403, Forbidden)
            .Deviating(6, "4: better 404", 404, NoTeam)
            .Deviating(7, "4: 404", 404, NoTeam)
            .Deviating(8, "4: 409", 409, """{"error":"Owner cannot remove himself from the team"}""")
            .Deviating(9, "4: 404", 404, """{"error":"Member not found"}""")
            .Deviating(11, "12, flaw 2: the owner or the member himself", 403, Forbidden)
            .Deviating(12, "12, flaw 29: a fixed realm, and text as such", 401, "Unauthorized")
            .ReplayAsync();
    }

    [Fact]
    public async Task Invitations()
    {
        await using var host = await SharingTestHost.StartAsync();
        var transcript = await BeginAsync("teams_me_and_invite_flow", host, isBobMember: false);
        await transcript
            .Adding("4: an invitation may carry a link; 13: it is listed and taken back", "id", "expiresAt", "link")
            .Deviating(11, "12, flaw 15: removed users cannot use it again", 400, """{"error":"Invalid or expired"}""")
            .ReplayAsync();
    }

    private async Task<TeamsTranscript> BeginAsync(string name, SharingTestHost host, bool isBobMember)
    {
        var transcript = new TeamsTranscript(name, host);
        var teams = host.Store.Teams;
        var limits = new SharingTeamLimits(20, 20, 20);
        string? aliceTeam = null;
        foreach (var (user, fullName) in new[] { ("alice", "Alice Doe"), ("bob", "Bob Roe"), ("carol", "Carol Poe") })
        {
            var profile = new SharingProfile("test:" + user, fullName, user + "@test.test", $"https://avatars.test/{user}.png");
            var tokens = await host.Server.Get<SharingLogins>().OpenAsync("test", profile, null, PeerSyncTestHost.Cancel);
            _time.Advance(TimeSpan.FromMilliseconds(1));
            transcript.With(user + "Access", tokens.Access).With(user + "Id", tokens.User!.Id);
            var team = Assert.Single(await teams.ListAsync(tokens.User.Id, PeerSyncTestHost.Cancel)).Team.Id;
            transcript.With(user + "TeamId", team);
            _alice ??= tokens.User.Id;
            aliceTeam ??= team;
            if (user == "bob" && isBobMember)
            {
                var invitation = await teams.InviteAsync(aliceTeam, _alice, TimeSpan.FromDays(1), limits, PeerSyncTestHost.Cancel);
                await teams.AcceptInvitationAsync(invitation.Token!, tokens.User.Id, limits, static _ => new("x", "{}"), PeerSyncTestHost.Cancel);
                transcript.With("inviteToken32", invitation.Token!);
            }
        }

        foreach (var key in new[] { "aliceKey1", "aliceKey2", "bobKey" })
        {
            var point = TestDeviceKey.New();
            transcript.With(key + "X", point.X).With(key + "Y", point.Y);
        }

        return transcript;
    }
}
