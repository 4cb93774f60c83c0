namespace PeerSync.Actors.Sharing;

/// <summary>Who is told that tokens have become void before their time.</summary>
/// <remarks>Thread-safe. Neither blocks nor throws.</remarks>
public interface ISharingRevocations
{
    /// <summary>Closes the connections that were authenticated by such tokens.</summary>
    /// <param name="userId">Whose.</param>
    /// <param name="sessionId">Those of one session; null for all of the user's.</param>
    void SessionEnded(string userId, string? sessionId);
}
