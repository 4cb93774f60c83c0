namespace PeerSync.Host.Identity;

/// <summary>How a published key set is doing.</summary>
/// <param name="KeyCount">The number of keys in use.</param>
/// <param name="FetchedAt">When the set in use was fetched; null before the first success.</param>
/// <param name="Failure">Why the last fetch failed, in words; null if it succeeded or there was none.</param>
/// <param name="FailedAt">When a fetch last failed, even if a later one succeeded.</param>
internal readonly record struct KeySetState(int KeyCount, DateTimeOffset? FetchedAt, string? Failure, DateTimeOffset? FailedAt);
