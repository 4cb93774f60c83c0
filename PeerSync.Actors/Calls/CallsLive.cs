using PeerSync.Kernel;

namespace PeerSync.Actors.Calls;

/// <summary>The live devices and calls, as the HTTP routes reach them.</summary>
/// <param name="entities">The regions.</param>
public sealed class CallsLive(CallsEntities entities) : ICallsLive
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <inheritdoc />
    public async Task<CallsEvidence?> FindEvidenceAsync(string sessionId, string deviceId, CancellationToken cancellationToken)
    {
        try
        {
            var found = await entities.Calls.Ask<EvidenceFound>(new FindEvidence(sessionId, deviceId), Patience, cancellationToken).ConfigureAwait(false);
            return found.Evidence;
        }
        catch (AskTimeoutException)
        {
            // A report without its evidence is better than none.
            return null;
        }
    }

    /// <inheritdoc />
    public void Blocked(string blocker, string blocked)
    {
        entities.Devices.Tell(new DeviceBlocked(blocker, blocked), ActorRefs.NoSender);
        entities.Devices.Tell(new DeviceBlocked(blocked, blocker), ActorRefs.NoSender);
    }

    /// <inheritdoc />
    /// <remarks>Counts from the next join of one of the two.</remarks>
    public void Unblocked(string blocker, string blocked)
    {
    }

    /// <inheritdoc />
    public void Banned(string deviceId) => entities.Devices.Tell(new DeviceBanned(deviceId), ActorRefs.NoSender);
}
