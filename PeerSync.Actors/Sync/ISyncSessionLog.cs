namespace PeerSync.Actors.Sync;

/// <summary>
/// Remembers from which client addresses users have proven their identity lately. The web client names itself over HTTP only by its public key, which
/// everybody may know; such a request is believed from an address that holds or held a socket of that user.
/// </summary>
/// <remarks>Thread-safe. Addresses come as the tags that the host makes of them, never as themselves.</remarks>
public interface ISyncSessionLog
{
    /// <summary>Notes that a socket of the user was authenticated, or still is.</summary>
    /// <param name="userId">Whose session it is: for a paired device, the user that it belongs to.</param>
    /// <param name="addressTag">The client address's tag.</param>
    void Opened(string userId, string addressTag);

    /// <summary>Whether <see cref="Opened"/> was called for both within the time that the settings name.</summary>
    bool IsKnown(string userId, string addressTag);
}
