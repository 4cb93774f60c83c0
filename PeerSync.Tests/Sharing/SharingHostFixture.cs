using Microsoft.Extensions.DependencyInjection;
using PeerSync.Actors.Sharing;
using PeerSync.Host.Sharing;
using PeerSync.Storage.Sharing;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sharing;

/// <summary>One server for all tests of a class, which keep apart by their users.</summary>
public sealed class SharingHostFixture : IAsyncLifetime
{
    private readonly RecordingFeed _feed = new();
    private SharingTestHost? _host;
    private int _users;

    internal SharingTestHost Host => _host!;

    /// <summary>What the feed was given, the oldest first, as <c>name payload</c>.</summary>
    internal IReadOnlyList<string> Told => _feed.Told;

    internal static SharingTeamLimits Limits { get; } = new(1_000_000, 1_000_000, 1_000_000);

    public async ValueTask InitializeAsync() => _host = await SharingTestHost.StartAsync(
        "peersync.sharing { max-teams-per-user = 1000, max-pending-invitations = 1000 }",
        configure: services => services.AddSingleton<ISharingFeedSink>(_feed));

    public async ValueTask DisposeAsync() => await Host.DisposeAsync();

    /// <summary>Somebody who has just logged in for the first time.</summary>
    internal async Task<SharingTestUser> NewUserAsync(string name)
    {
        var account = $"test:{name}-{Interlocked.Increment(ref _users)}";
        var profile = new SharingProfile(account, name, $"{name}@example.test", null);
        var tokens = await Host.Server.Get<SharingLogins>().OpenAsync("test", profile, null, PeerSyncTestHost.Cancel);
        return new SharingTestUser(tokens.User!.Id, name, tokens.Access, tokens.Refresh);
    }

    /// <summary>A team of its first user, which the others have joined.</summary>
    internal async Task<string> NewTeamAsync(SharingTestUser owner, params SharingTestUser[] others)
    {
        var team = (await Host.Store.Teams.CreateAsync(owner.Id, "Team", Limits, PeerSyncTestHost.Cancel)).Team!;
        foreach (var other in others)
        {
            await JoinAsync(team.Id, owner, other);
        }

        return team.Id;
    }

    /// <summary>Brings a user into a team.</summary>
    /// <returns>The invitation that was used.</returns>
    internal async Task<SharingNewInvitation> JoinAsync(string teamId, SharingTestUser owner, SharingTestUser user)
    {
        var invitation = await InviteAsync(teamId, owner);
        var joined = await Host.Store.Teams.AcceptInvitationAsync(
            invitation.Token!, user.Id, Limits, static _ => new("joined", "{}"), PeerSyncTestHost.Cancel);
        Assert.Equal(SharingTeamStatus.Done, joined.Status);
        return invitation;
    }

    internal Task<SharingNewInvitation> InviteAsync(string teamId, SharingTestUser owner) =>
        Host.Store.Teams.InviteAsync(teamId, owner.Id, TimeSpan.FromHours(1), Limits, PeerSyncTestHost.Cancel);

    private sealed class RecordingFeed : ISharingFeedSink
    {
        private readonly List<string> _told = [];

        public IReadOnlyList<string> Told
        {
            get
            {
                lock (_told)
                {
                    return [.. _told];
                }
            }
        }

        public void Publish(SharingEvent sharingEvent)
        {
            lock (_told)
            {
                _told.Add($"{sharingEvent.Text.Name} {sharingEvent.Text.Payload}");
            }
        }
    }
}
