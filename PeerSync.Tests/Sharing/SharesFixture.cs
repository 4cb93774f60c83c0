using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using PeerSync.Actors.Sharing;
using PeerSync.Storage.Databases;
using PeerSync.Storage.Sharing;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sharing;

/// <summary>One server for a class of tests, each of which has users and a team of its own; and the events that it publishes.</summary>
public sealed class SharesFixture : IAsyncLifetime
{
    private readonly RecordingFeed _feed = new();
    private int _names;

    internal SharingTestHost Host { get; private set; } = null!;

    internal IReadOnlyCollection<SharingEvent> Events => _feed.Events;

    public async ValueTask InitializeAsync() =>
        Host = await SharingTestHost.StartAsync(configure: services => services.AddSingleton<ISharingFeedSink>(_feed));

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    /// <summary>Logs in somebody new.</summary>
    internal Task<SharingTestUser> LogInAsync(string name) => Host.LogInAsync($"{name} {Interlocked.Increment(ref _names)}");

    /// <summary>Logs in somebody new with a team that has these members beside.</summary>
    internal async Task<(SharingTestUser Owner, string TeamId)> LogInWithTeamAsync(string name, params SharingTestUser[] members)
    {
        var owner = await LogInAsync(name);
        return (owner, await AddMembersAsync(Host, owner, members));
    }

    /// <summary>Adds members to the team that everybody has from the first login on.</summary>
    internal static async Task<string> AddMembersAsync(SharingTestHost host, SharingTestUser owner, params SharingTestUser[] members)
    {
        var now = host.Server.Time.GetUtcNow();
        return await WriteAsync(host, async session =>
        {
            var team = (await session.QueryFirstAsync("SELECT id FROM sharing_teams WHERE owner_id = $1", static row => row.Text(0), owner.Id))!;
            foreach (var member in members)
            {
                await session.ExecuteAsync(
                    "INSERT INTO sharing_members (team_id, user_id, role, joined_at) VALUES ($1, $2, 'MEMBER', $3)", team, member.Id, now);
            }

            return team;
        });
    }

    /// <summary>Gives a user a device.</summary>
    internal static Task<int> AddDeviceAsync(SharingTestHost host, SharingTestUser user, string deviceId, int slot)
    {
        var now = host.Server.Time.GetUtcNow();
        return WriteAsync(host, session => session.ExecuteAsync(
            """
            INSERT INTO sharing_devices (user_id, device_id, slot, encryption_key, algorithm, fingerprint, created_at, updated_at)
            VALUES ($1, $2, $3, '{"kty":"EC"}', 'ECDH-P256', $4, $5, $5)
            """,
            user.Id,
            deviceId,
            slot,
            $"print of {deviceId}",
            now));
    }

    /// <summary>Takes a member out of a team.</summary>
    internal static Task<int> RemoveMemberAsync(SharingTestHost host, string teamId, SharingTestUser user) =>
        WriteAsync(host, session => session.ExecuteAsync("DELETE FROM sharing_members WHERE team_id = $1 AND user_id = $2", teamId, user.Id));

    /// <summary>The body of a share.</summary>
    internal static string Share(string? teamId, string title, params string[] wraps)
    {
        var team = teamId is null ? string.Empty : $"""
            ,"teamId":"{teamId}"
            """;
        return $$$"""{"ciphertextB64u":"Y3Q","ivB64u":"AAAA","wrappedKeys":[{{{string.Join(',', wraps)}}}],"metadata":{"title":"{{{title}}}"{{{team}}}}}""";
    }

    /// <summary>A wrapped key.</summary>
    internal static string Wrap(SharingTestUser user, string deviceId = "d1", string key = "a2V5") =>
        $$"""
        {"recipientUserId":"{{user.Id}}","recipientDeviceId":"{{deviceId}}","senderEphemeralPublicKeyJwk":{"kty":"EC"},"wrappedCekB64u":"{{key}}","wrapIvB64u":"AAAA"}
        """;

    /// <summary>Shares something.</summary>
    /// <returns>The share's id.</returns>
    internal static async Task<string> ShareAsync(SharingTestHost host, SharingTestUser author, string body)
    {
        var (status, answer) = await host.CallAsync(HttpMethod.Post, "code-share/share", author, body);
        Assert.True(status == 200, answer?.ToJsonString());
        return (string)answer!["id"]!;
    }

    internal Task<string> ShareAsync(SharingTestUser author, string body) => ShareAsync(Host, author, body);

    private static Task<T> WriteAsync<T>(SharingTestHost host, Func<DatabaseSession, ValueTask<T>> work) =>
        host.Server.Server.Store.Database.WriteAsync("preparing a test", work, PeerSyncTestHost.Cancel);

    private sealed class RecordingFeed : ISharingFeedSink
    {
        internal ConcurrentQueue<SharingEvent> Events { get; } = new();

        public void Publish(SharingEvent sharingEvent) => Events.Enqueue(sharingEvent);
    }
}
