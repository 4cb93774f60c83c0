using PeerSync.Kernel;
using PeerSync.Protocol.Identity;
using PeerSync.Storage.Journal;
using PeerSync.Storage.Sync;

namespace PeerSync.Actors.Sync;

/// <summary>Deletes what the Sync feature has kept long enough, in small batches: expired and old events, devices not seen for long, spent pairing codes.</summary>
/// <remarks>Thread-safe, but meant to be run by one at a time.</remarks>
/// <param name="regions">Where users' streams are reached: what a stream knows from its events must be kept before they go.</param>
/// <param name="journal">The journal.</param>
/// <param name="events">The journal, for finding.</param>
/// <param name="directory">Users and devices.</param>
/// <param name="pairings">Pairing codes.</param>
/// <param name="keepEvents">How long events are kept.</param>
/// <param name="keepDevices">How long a device is kept that does not come back.</param>
/// <param name="counters">What the metrics read.</param>
/// <param name="time">The clock.</param>
public sealed class SyncRetention(
    SyncRegions regions,
    AsyncWriteJournal journal,
    IEventQueries events,
    ISyncDirectory directory,
    ISyncPairings pairings,
    TimeSpan keepEvents,
    TimeSpan keepDevices,
    SyncCounters counters,
    TimeProvider time)
{
    private const int Batch = 500;

    // A stream may have to be recovered first.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Deletes all that is due.</summary>
    /// <exception cref="Storage.StorageUnavailableException">The database failed; what was left is deleted by the next run.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await DeleteExpiredAsync(cancellationToken);
        await DeleteOldAsync(cancellationToken);
        await DeleteDevicesAsync(cancellationToken);
        while (await pairings.DeleteExpiredPairingsAsync(Batch, cancellationToken) == Batch)
        {
            // As many as one batch takes: there may be more.
        }
    }

    private async Task DeleteExpiredAsync(CancellationToken cancellationToken)
    {
        // Tags name hours, so an event goes in the hour after its end; until then replays pass it over.
        var last = SyncJournal.ExpiryTag(time.GetUtcNow() - TimeSpan.FromHours(1));
        while (true)
        {
            var found = await events.FindTaggedUpToAsync(SyncJournal.ExpiryTagPrefix, last, Batch, cancellationToken);
            var deleted = 0;
            foreach (var stream in found.GroupBy(static item => item.PersistenceId, static item => item.SequenceNr, StringComparer.Ordinal))
            {
                long[] numbers = [.. stream];
                if (await IsReadyAsync(stream.Key, numbers.Max(), forget: false, cancellationToken))
                {
                    await events.DeleteAsync(stream.Key, numbers, cancellationToken);
                    deleted += numbers.Length;
                }
            }

            counters.Expired(deleted);
            if (found.Count < Batch || deleted == 0)
            {
                return;
            }
        }
    }

    private async Task DeleteOldAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var found = await events.FindOldAsync(SyncJournal.Prefix, time.GetUtcNow() - keepEvents, Batch, cancellationToken);
            var progress = false;
            foreach (var (persistenceId, sequenceNr) in found)
            {
                if (await IsReadyAsync(persistenceId, sequenceNr, forget: true, cancellationToken))
                {
                    var before = await events.CountAsync(persistenceId, cancellationToken);
                    await journal.DeleteMessagesToAsync(persistenceId, sequenceNr, cancellationToken);
                    counters.Expired((int)Math.Max(0, before - await events.CountAsync(persistenceId, cancellationToken)));
                    progress = true;
                }
            }

            if (!progress)
            {
                return;
            }
        }
    }

    private async Task DeleteDevicesAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - keepDevices;
        while (true)
        {
            var found = await directory.FindInactiveDevicesAsync(before, Batch, cancellationToken);
            var gone = new List<Guid>();
            foreach (var user in found.GroupBy(static device => device.UserId, StringComparer.Ordinal))
            {
                // The row of a device tells when it last came or went: one that stays for longer than that is not gone.
                var online = await regions.Users.Ask<OnlineDevices>(new ListOnlineDevices(new UserId(user.Key)), Patience, cancellationToken);
                gone.AddRange(user.Select(static device => device.DeviceId).Except(online.Devices.Select(static device => device.DeviceId)));
            }

            var deleted = gone.Count == 0 ? 0 : await directory.DeleteInactiveDevicesAsync(gone, before, cancellationToken);
            counters.ExpiredDevices(deleted);
            if (deleted == 0 || found.Count < Batch)
            {
                return;
            }
        }
    }

    private async Task<bool> IsReadyAsync(string persistenceId, long upTo, bool forget, CancellationToken cancellationToken)
    {
        if (!persistenceId.StartsWith(SyncJournal.Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var prepare = new PrepareDeletion(new UserId(persistenceId[SyncJournal.Prefix.Length..]), upTo, forget);
        return (await regions.Users.Ask<DeletionPrepared>(prepare, Patience, cancellationToken)).Ready;
    }
}
