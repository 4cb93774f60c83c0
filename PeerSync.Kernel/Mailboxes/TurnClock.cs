namespace PeerSync.Kernel;

/// <summary>Says whether a turn that has used up its share of messages may have another one, because they took next to no time.</summary>
/// <remarks>The clock is first read after the first share: most turns are over by then and pay nothing.</remarks>
internal struct TurnClock
{
    // Long enough to make the way through the thread pool's queue cheap, short enough for everybody in that queue.
    private static readonly TimeSpan Limit = TimeSpan.FromMicroseconds(100);

    private long _start;

    /// <remarks>The machine's clock and not the system's: this is about the processor's time, which no test drives.</remarks>
    public bool MayGoOn()
    {
        var now = TimeProvider.System.GetTimestamp();
        if (_start == 0)
        {
            _start = now;
            return true;
        }

        return TimeProvider.System.GetElapsedTime(_start, now) < Limit;
    }
}
