using System.Collections.Concurrent;
using PeerSync.Actors.Sharing;
using PeerSync.Protocol.Sharing;
using PeerSync.Storage.Sharing;

namespace PeerSync.Host.Sharing;

/// <summary>Knows which access tokens are good: those whose session is live. What the database has said holds for some seconds.</summary>
/// <remarks>Thread-safe. A session that ends through this object ends at once on this server, on others within <see cref="Memory"/>.</remarks>
internal sealed class SharingSessions(SharingTokens tokens, ISharingAccounts accounts, IEnumerable<ISharingRevocations> listeners, TimeProvider time)
{
    /// <summary>How long an answer of the database is believed.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromSeconds(5);

    // Longer than any question to the database takes, so that an answer from before the end does not make a session live again.
    private static readonly TimeSpan MemoryOfEnds = TimeSpan.FromMinutes(11);

    private const int Capacity = 50_000;

    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);
    private readonly Lock _sweep = new();

    /// <summary>Verifies an access token.</summary>
    /// <param name="token">As sent.</param>
    /// <param name="cancellationToken">Cancels the question to the database.</param>
    /// <returns>Who has it; null where it is none, or its time or its session is over.</returns>
    /// <exception cref="Storage.StorageUnavailableException">The database does not answer.</exception>
    public async ValueTask<SharingCaller?> VerifyAsync(string token, CancellationToken cancellationToken)
    {
        if (!tokens.TryVerify(token, SharingTokenKind.Access, out var claims))
        {
            return null;
        }

        var caller = new SharingCaller(claims.UserId, claims.SessionId, claims.ExpiresAt);
        if (_known.TryGetValue(claims.SessionId, out var known) && (known.State == State.Ended || time.GetElapsedTime(known.At) < Memory))
        {
            return known.State == State.Live && known.UserId == claims.UserId ? caller : null;
        }

        var isLive = await accounts.IsSessionLiveAsync(claims.UserId, claims.SessionId, cancellationToken);
        Remember(claims.SessionId, new Known(claims.UserId, isLive ? State.Live : State.Unknown, time.GetTimestamp()));
        return isLive && !(_known.TryGetValue(claims.SessionId, out known) && known.State == State.Ended) ? caller : null;
    }

    /// <summary>Ends a session of a user.</summary>
    /// <returns>Whether there was a live one.</returns>
    public async Task<bool> EndAsync(string userId, string sessionId, CancellationToken cancellationToken)
    {
        var ended = await accounts.EndSessionAsync(userId, sessionId, cancellationToken);
        if (ended)
        {
            Forget(userId, [sessionId]);
            Tell(userId, sessionId);
        }

        return ended;
    }

    /// <summary>Ends all sessions of a user.</summary>
    public async Task EndAllAsync(string userId, CancellationToken cancellationToken)
    {
        Forget(userId, await accounts.EndSessionsAsync(userId, cancellationToken));
        Tell(userId, null);
    }

    /// <summary>A session has been found to be over.</summary>
    public void Ended(string userId, string sessionId)
    {
        Forget(userId, [sessionId]);
        Tell(userId, sessionId);
    }

    private void Forget(string userId, IReadOnlyList<string> sessionIds)
    {
        foreach (var sessionId in sessionIds)
        {
            Remember(sessionId, new Known(userId, State.Ended, time.GetTimestamp()));
        }
    }

    private void Tell(string userId, string? sessionId)
    {
        foreach (var listener in listeners)
        {
            listener.SessionEnded(userId, sessionId);
        }
    }

    private void Remember(string sessionId, Known answer)
    {
        if (_known.Count >= Capacity)
        {
            Sweep();
        }

        // A session that has ended never lives again.
        _known.AddOrUpdate(sessionId, static (_, added) => added, static (_, known, added) => known.State == State.Ended ? known : added, answer);
    }

    private void Sweep()
    {
        lock (_sweep)
        {
            foreach (var (sessionId, known) in _known)
            {
                if (time.GetElapsedTime(known.At) >= (known.State == State.Ended ? MemoryOfEnds : Memory))
                {
                    _known.TryRemove(sessionId, out _);
                }
            }

            if (_known.Count >= Capacity)
            {
                _known.Clear();
            }
        }
    }

    private enum State
    {
        Unknown,
        Live,
        Ended,
    }

    private sealed record Known(string UserId, State State, long At);
}
