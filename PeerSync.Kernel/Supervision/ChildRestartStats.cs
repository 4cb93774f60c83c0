namespace PeerSync.Kernel;

/// <summary>How often a child was restarted.</summary>
internal sealed class ChildRestartStats
{
    private int _restarts;
    private long _windowStart;

    /// <summary>Counts a restart and says whether it may be done.</summary>
    /// <param name="maxRetries">How many are allowed; negative for any number.</param>
    /// <param name="window">Within which time; null for ever.</param>
    /// <param name="time">The clock.</param>
    public bool RequestRestartPermission(int maxRetries, TimeSpan? window, TimeProvider time)
    {
        if (maxRetries == 0)
        {
            return false;
        }

        if (window is not { } range)
        {
            return maxRetries < 0 || ++_restarts <= maxRetries;
        }

        var now = time.GetTimestamp();
        if (_restarts == 0 || time.GetElapsedTime(_windowStart, now) > range)
        {
            _windowStart = now;
            _restarts = 1;
            return true;
        }

        _restarts++;
        return _restarts <= (maxRetries < 0 ? 1 : maxRetries);
    }
}
