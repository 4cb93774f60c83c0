namespace PeerSync.Actors.Calls;

/// <summary>Counts what the Calls feature does (Calls contract, section 8). Written by actors and endpoints, read by the metrics; thread-safe.</summary>
/// <remarks>
/// Labels come from whoever counts and are words of the contract. Region and language, which clients choose, are made known ones before; whatever else came
/// through would be counted as <c>other</c> above a bound.
/// </remarks>
public sealed class CallsCounters
{
    private long _connections;
    private long _totalConnections;
    private long _sessions;
    private long _queued;
    private long _matches;
    private long _offers;
    private long _answers;
    private long _candidates;

    /// <summary>Authenticated sockets.</summary>
    public long Connections => Interlocked.Read(ref _connections);

    /// <summary>Sockets that authenticated, since the start.</summary>
    public long TotalConnections => Interlocked.Read(ref _totalConnections);

    /// <summary>Calls under way.</summary>
    public long Sessions => Interlocked.Read(ref _sessions);

    /// <summary>Devices that wait for a partner.</summary>
    public long Queued => Interlocked.Read(ref _queued);

    /// <summary>Matches made, since the start.</summary>
    public long Matches => Interlocked.Read(ref _matches);

    /// <summary>Offers relayed, since the start.</summary>
    public long Offers => Interlocked.Read(ref _offers);

    /// <summary>Answers relayed, since the start.</summary>
    public long Answers => Interlocked.Read(ref _answers);

    /// <summary>Candidates relayed, since the start.</summary>
    public long Candidates => Interlocked.Read(ref _candidates);

    /// <summary>Calls that began, by region and language.</summary>
    public CallsLabels SessionsCreated { get; } = new();

    /// <summary>Calls that ended, by reason: <c>end-call</c>, <c>skip</c>, <c>disconnect</c>.</summary>
    public CallsLabels SessionsEnded { get; } = new();

    /// <summary>Connections between browsers that came about, by type: <c>p2p</c>, <c>turn</c>.</summary>
    public CallsLabels ConnectionSuccesses { get; } = new();

    /// <summary>Connections between browsers that failed, by reason.</summary>
    public CallsLabels ConnectionFailures { get; } = new();

    /// <summary>Reports, by reason.</summary>
    public CallsLabels ReportsSubmitted { get; } = new();

    /// <summary>Decisions, by outcome: <c>accepted</c>, <c>rejected</c>.</summary>
    public CallsLabels ReportsModerated { get; } = new();

    /// <summary>Bans, by what is banned: <c>device</c>.</summary>
    public CallsLabels UsersBlocked { get; } = new();

    /// <summary>Refusals by a rate limit, by limit.</summary>
    public CallsLabels RateLimitHits { get; } = new();

    /// <summary>Errors, by type and component.</summary>
    public CallsLabels Errors { get; } = new();

    /// <summary>Known events of clients, by name.</summary>
    public CallsLabels Events { get; } = new();

    /// <summary>Is told how long each matched device waited; set once, at the start.</summary>
    public Action<TimeSpan>? WaitObserver { get; set; }

    /// <summary>A socket has authenticated.</summary>
    public void ConnectionOpened()
    {
        Interlocked.Increment(ref _connections);
        Interlocked.Increment(ref _totalConnections);
    }

    /// <summary>An authenticated socket is gone.</summary>
    public void ConnectionClosed() => Interlocked.Decrement(ref _connections);

    /// <summary>The number of waiting devices has changed.</summary>
    /// <param name="difference">By how many.</param>
    public void QueueChanged(int difference) => Interlocked.Add(ref _queued, difference);

    /// <summary>Two devices were matched.</summary>
    /// <param name="firstWait">How long the one had waited.</param>
    /// <param name="secondWait">How long the other had.</param>
    public void Matched(TimeSpan firstWait, TimeSpan secondWait)
    {
        Interlocked.Increment(ref _matches);
        WaitObserver?.Invoke(firstWait);
        WaitObserver?.Invoke(secondWait);
    }

    /// <summary>A call has begun.</summary>
    /// <param name="region">A known region, or <c>other</c>.</param>
    /// <param name="language">A known language, or <c>other</c>.</param>
    public void SessionStarted(string region, string language)
    {
        Interlocked.Increment(ref _sessions);
        SessionsCreated.Increment(region, language);
    }

    /// <summary>A call has ended.</summary>
    /// <param name="reason">One of the words of <see cref="SessionsEnded"/>.</param>
    public void SessionEnded(string reason)
    {
        Interlocked.Decrement(ref _sessions);
        SessionsEnded.Increment(reason);
    }

    /// <summary>An offer was relayed.</summary>
    public void OfferRelayed() => Interlocked.Increment(ref _offers);

    /// <summary>An answer was relayed.</summary>
    public void AnswerRelayed() => Interlocked.Increment(ref _answers);

    /// <summary>A candidate was relayed.</summary>
    public void CandidateRelayed() => Interlocked.Increment(ref _candidates);
}
