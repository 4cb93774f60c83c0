namespace PeerSync.Actors.Calls;

/// <summary>How a ticket's wait goes on.</summary>
/// <param name="Position">From 1, in the order of waiting.</param>
/// <param name="PoolSize">How many wait.</param>
/// <param name="Next">What will be relaxed next; <see cref="MatchRelaxation.None"/> when nothing will.</param>
/// <param name="NextIn">When; zero when nothing will. May turn out later while others join.</param>
/// <param name="Estimate">What is left to wait, probably: from recent waits where there were some.</param>
public readonly record struct MatchProgress(int Position, int PoolSize, MatchRelaxation Next, TimeSpan NextIn, TimeSpan Estimate);
