namespace PeerSync.Actors.Sync;

/// <summary>The Sync feature's budgets that span connections. Thread-safe.</summary>
public interface ISyncLimits
{
    /// <summary>Whether an address may try a handshake: it has few failed ones behind it.</summary>
    bool MayLogIn(string addressTag);

    /// <summary>Counts a failed handshake of an address.</summary>
    void LoginFailed(string addressTag);

    /// <summary>Counts one try of a pairing code, from this address and in all.</summary>
    /// <returns>Whether there is budget for it.</returns>
    bool TryPairing(string addressTag);

    /// <summary>The code was right: the try is given back.</summary>
    void PairingSucceeded(string addressTag);
}
