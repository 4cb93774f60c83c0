using PeerSync.Protocol.Identity;

namespace PeerSync.Actors.Peers;

/// <summary>The budgets that span connections. Thread-safe and never waiting.</summary>
public interface IPeersLimits
{
    /// <summary>Whether an address may try to log in: it has not failed too often of late.</summary>
    bool MayLogIn(string addressTag);

    /// <summary>Counts a failed login.</summary>
    void LoginFailed(string addressTag);

    /// <summary>Takes one connection request from a user's budget.</summary>
    bool TryRequest(UserId userId);
}
