namespace PeerSync.Actors.Sharing;

/// <summary>One kind of things that are not kept for ever.</summary>
/// <param name="What">What they are, for the log: <c>shares</c>.</param>
/// <param name="DeleteAsync">Deletes at most so many, and says how many there were; 0 when nothing is left.</param>
public sealed record SharingCleanup(string What, Func<int, CancellationToken, Task<int>> DeleteAsync);
