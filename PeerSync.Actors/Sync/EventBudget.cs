namespace PeerSync.Actors.Sync;

/// <summary>How fast a user may send events. Above it, senders are slowed down and nothing is refused.</summary>
/// <remarks>Not thread-safe; owned by one actor.</remarks>
internal struct EventBudget
{
    private readonly int _burst;
    private readonly double _perSecond;
    private double _left;
    private long _updated;

    /// <summary>A full budget.</summary>
    /// <param name="burst">Events at once; 0 for no limit.</param>
    /// <param name="perMinute">Events a minute in the long run.</param>
    /// <param name="now">The time provider's time stamp.</param>
    internal EventBudget(int burst, int perMinute, long now)
    {
        _burst = burst;
        _perSecond = perMinute / 60.0;
        _left = burst;
        _updated = now;
    }

    /// <summary>Spends one event, on credit if need be.</summary>
    /// <returns>How long no more should be read from the sender.</returns>
    internal TimeSpan Take(long now, long frequency)
    {
        if (_burst <= 0)
        {
            return TimeSpan.Zero;
        }

        _left = Math.Min(_burst, _left + ((now - _updated) / (double)frequency * _perSecond)) - 1;
        _updated = now;
        return _left >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_left / _perSecond);
    }
}
