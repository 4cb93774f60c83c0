using PeerSync.Actors.Peers;
using PeerSync.Kernel;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Peers;
using PeerSync.Storage.Peers;

namespace PeerSync.Host.Peers;

/// <summary>Tells a user's entity of a membership change over HTTP, so that its live socket moves at once (Peers contract, section 5.4).</summary>
internal sealed class NetworkChanges(PeersRegions regions) : INetworkChanges
{
    /// <inheritdoc />
    public void MembershipChanged(string userId, NetworkRecord? network)
    {
        NetworkId? id = network is null ? null : new NetworkId(network.Id);
        regions.Peers.Tell(new MembershipChanged(new UserId(userId), id), ActorRefs.NoSender);
    }
}
