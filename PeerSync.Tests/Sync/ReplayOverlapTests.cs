using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PeerSync.Actors.Sync;
using PeerSync.Storage.Journal;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sync;

/// <summary>Events that happen while a device's replay is being read.</summary>
public sealed class ReplayOverlapTests
{
    [Fact]
    public async Task WhatIsToldDuringTheFirstReplayIsNotInItsPage()
    {
        var events = new GatedEvents();
        await using var host = await PeerSyncTestHost.StartAsync(configure: services => events.Replace(services));
        var alice = new SyncIdentity();
        var laptopId = Guid.NewGuid();
        Guid own;
        await using (var before = await SyncClient.LogInAsync(host, alice, laptopId))
        {
            own = await before.SendEventAsync(1);
            await before.ExpectAckAsync(1);
            await before.CloseAsync();
        }

        await using var laptop = await SyncClient.LogInAsync(host, alice, laptopId);
        await using var phone = await SyncClient.LogInAsync(host, alice);
        await laptop.ExpectPresenceAsync(phone.DeviceId, online: true);
        await phone.ExpectAsync("replay_response");

        events.Close();
        await laptop.SendAsync("replay_request", "{}");
        await events.Reached.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        var during = await phone.SendEventAsync(1);
        await phone.ExpectAckAsync(1);
        await laptop.ExpectEventAsync(during);
        events.Open();
        Assert.Equal([own], Ids(await laptop.ExpectAsync("replay_response")));

        // Whoever asks again without having confirmed anything wants it again.
        await laptop.SendAsync("replay_request", "{}");
        Assert.Equal([own, during], Ids(await laptop.ExpectAsync("replay_response")));
    }

    private static IEnumerable<Guid> Ids(JsonElement page) => page.GetProperty("events").EnumerateArray().Select(told => told.GetProperty("event_id").GetGuid());

    /// <summary>The journal's pages, which can be held up before they are read.</summary>
    private sealed class GatedEvents : IEventQueries
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private IEventQueries _inner = null!;
        private volatile bool _isClosed;

        /// <summary>Completes when somebody waits for a page.</summary>
        public Task Reached => _reached.Task;

        public void Close() => _isClosed = true;

        public void Open() => _opened.SetResult();

        /// <summary>Puts this in the place of the journal's own queries, for the connections.</summary>
        public void Replace(IServiceCollection services)
        {
            var make = services.Last(service => service.ServiceType == typeof(SyncServices)).ImplementationFactory!;
            services.AddSingleton(provider =>
            {
                var made = (SyncServices)make(provider);
                _inner = made.Events;
                return made with { Events = this };
            });
        }

        public async Task<EventPage> ReadPageAsync(
            string persistenceId,
            long afterSequenceNr,
            long toSequenceNr,
            DateTimeOffset notBefore,
            int maxEvents,
            long maxBytes,
            CancellationToken cancellationToken)
        {
            if (_isClosed)
            {
                _reached.TrySetResult();
                await _opened.Task;
            }

            return await _inner.ReadPageAsync(persistenceId, afterSequenceNr, toSequenceNr, notBefore, maxEvents, maxBytes, cancellationToken);
        }

        public Task<TaggedEvents> ReadTaggedAsync(string persistenceId, string tag, int limit, int offset, CancellationToken cancellationToken) =>
            _inner.ReadTaggedAsync(persistenceId, tag, limit, offset, cancellationToken);

        public Task<IReadOnlyList<(string PersistenceId, long SequenceNr)>> FindTaggedUpToAsync(
            string tagPrefix, string lastTag, int max, CancellationToken cancellationToken) => _inner.FindTaggedUpToAsync(tagPrefix, lastTag, max, cancellationToken);

        public Task<IReadOnlyList<(string PersistenceId, long SequenceNr)>> FindOldAsync(
            string persistenceIdPrefix, DateTimeOffset createdBefore, int max, CancellationToken cancellationToken) =>
            _inner.FindOldAsync(persistenceIdPrefix, createdBefore, max, cancellationToken);

        public Task DeleteAsync(string persistenceId, IReadOnlyCollection<long> sequenceNrs, CancellationToken cancellationToken) =>
            _inner.DeleteAsync(persistenceId, sequenceNrs, cancellationToken);

        public Task<long> DeleteStreamAsync(string persistenceId, CancellationToken cancellationToken) => _inner.DeleteStreamAsync(persistenceId, cancellationToken);

        public Task<long> CountAsync(string persistenceId, CancellationToken cancellationToken) => _inner.CountAsync(persistenceId, cancellationToken);
    }
}
