namespace PeerSync.Storage.Sharing;

/// <summary>The events of the Sharing feature, in the order in which they happened.</summary>
/// <remarks>
/// Thread-safe. Every method throws <see cref="StorageUnavailableException"/> where the database does not answer, and
/// <see cref="OperationCanceledException"/> when cancelled. Events come into being with what they tell of; see <see cref="SharingEvent"/>.
/// </remarks>
public interface ISharingFeed
{
    /// <summary>The number of the last event; 0 where there never was one. Whoever has it has seen all that was committed before.</summary>
    Task<long> GetLastIdAsync(CancellationToken cancellationToken);

    /// <summary>Events of everybody, each with the users who may be told of it now.</summary>
    /// <param name="after">The number before the first one.</param>
    /// <param name="limit">At most this many, 1 to 1000; the oldest first.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<IReadOnlyList<SharingEvent>> ListAsync(long after, int limit, CancellationToken cancellationToken);

    /// <summary>What one user may be told of.</summary>
    /// <param name="userId">Who.</param>
    /// <param name="after">The number that the user has seen last.</param>
    /// <param name="upTo">The number behind which nothing is asked for.</param>
    /// <param name="limit">At most this many, 1 to 1000; the oldest first.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<SharingFeedPage> ListForUserAsync(string userId, long after, long upTo, int limit, CancellationToken cancellationToken);

    /// <summary>Who shares a team with a user, each once, without the user.</summary>
    Task<IReadOnlyList<string>> ListMatesAsync(string userId, CancellationToken cancellationToken);

    /// <summary>Deletes the oldest events.</summary>
    /// <param name="retention">What is kept.</param>
    /// <param name="limit">At most this many, 1 to 10,000.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>How many.</returns>
    Task<int> DeleteExpiredAsync(TimeSpan retention, int limit, CancellationToken cancellationToken);
}

/// <summary>A part of what one user may be told of.</summary>
/// <param name="Events">In the order in which they happened; the user alone is their audience.</param>
/// <param name="IsLast">Whether nothing is left up to the number that was asked for.</param>
/// <param name="IsCursorUnknown">
/// Whether there is no telling what the user has missed, because events behind the cursor are deleted already or because it lies ahead of all events.
/// </param>
public sealed record SharingFeedPage(IReadOnlyList<SharingEvent> Events, bool IsLast, bool IsCursorUnknown);
