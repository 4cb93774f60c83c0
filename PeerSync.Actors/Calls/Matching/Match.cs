namespace PeerSync.Actors.Calls;

/// <summary>Two tickets that were found to fit.</summary>
/// <param name="SessionId">A UUID of version 4.</param>
/// <param name="First">The one that joined later; common interests are in its order.</param>
/// <param name="Second">The other.</param>
/// <param name="Score">0 to 100.</param>
/// <param name="CommonInterests">Those of both.</param>
/// <param name="MatchedAt">When, in Unix milliseconds; the same for both sides.</param>
public sealed record Match(string SessionId, Ticket First, Ticket Second, int Score, IReadOnlyList<string> CommonInterests, long MatchedAt);
