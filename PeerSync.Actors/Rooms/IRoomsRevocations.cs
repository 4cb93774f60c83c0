namespace PeerSync.Actors.Rooms;

/// <summary>Room tokens that no longer count, though their time is not over.</summary>
/// <remarks>Thread-safe; answers from memory.</remarks>
public interface IRoomsRevocations
{
    /// <summary>Whether a token was revoked.</summary>
    /// <param name="tokenId">Its id.</param>
    bool IsRevoked(string tokenId);
}
