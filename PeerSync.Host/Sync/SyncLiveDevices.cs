using PeerSync.Actors.Sync;
using PeerSync.Kernel;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Sync;
using PeerSync.Storage;

namespace PeerSync.Host.Sync;

/// <summary>Asks the Sync feature's entities on behalf of the HTTP endpoints.</summary>
internal sealed class SyncLiveDevices(SyncRegions regions) : ISyncDevices
{
    // An entity may have to be recovered first.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // A large stream is deleted in many batches.
    private static readonly TimeSpan DeletionPatience = TimeSpan.FromMinutes(5);

    /// <inheritdoc />
    public async Task<IReadOnlyList<SyncLiveDevice>> GetOnlineAsync(string userId, CancellationToken cancellationToken)
    {
        var answer = await regions.Users.Ask<OnlineDevices>(new ListOnlineDevices(new UserId(userId)), Patience, cancellationToken);
        return answer.Devices;
    }

    /// <inheritdoc />
    public Task DisconnectAsync(Guid deviceId, string userId, SyncDisconnect kind, CancellationToken cancellationToken)
    {
        regions.Devices.Tell(new DisconnectDevice(new DeviceId(deviceId), kind), ActorRefs.NoSender);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async Task<long> DeleteEventsAsync(string userId, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await regions.Users.Ask<UserErased>(new EraseUser(new UserId(userId)), DeletionPatience, cancellationToken);
            if (answer.Events >= 0)
            {
                return answer.Events;
            }
        }
        catch (AskTimeoutException)
        {
            // A stream that fails while it is asked may leave without an answer; the request can be repeated.
        }

        throw new StorageUnavailableException("The user's events could not be deleted.");
    }
}
