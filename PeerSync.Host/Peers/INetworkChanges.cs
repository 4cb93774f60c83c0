using PeerSync.Storage.Peers;

namespace PeerSync.Host.Peers;

/// <summary>Learns of membership changes made over HTTP, so that a user's live socket follows them at once.</summary>
internal interface INetworkChanges
{
    /// <summary>The user's active network is another one now; the change has been committed.</summary>
    /// <param name="userId">Whose network changed.</param>
    /// <param name="network">The network, or null where the user left.</param>
    void MembershipChanged(string userId, NetworkRecord? network);
}
