namespace PeerSync.Kernel;

/// <summary>Timers that tell their actor a message. To be used in the actor's turns only.</summary>
/// <remarks>
/// A timer replaces the one with an equal key. A message of a timer that was cancelled or replaced is never delivered, even when it was queued already.
/// Stop and restart cancel all timers.
/// </remarks>
public interface ITimerScheduler
{
    /// <summary>The keys of the timers that have not ended.</summary>
    IReadOnlyCollection<object> ActiveTimers { get; }

    /// <summary>Starts a timer that tells a message again and again, the first time after one interval.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The interval is not positive.</exception>
    void StartPeriodicTimer(object key, object msg, TimeSpan interval);

    /// <summary>Starts a timer that tells a message again and again.</summary>
    /// <param name="key">Names the timer.</param>
    /// <param name="msg">The message.</param>
    /// <param name="initialDelay">When it is told first; not negative.</param>
    /// <param name="interval">The time between two messages; positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">A time is out of range.</exception>
    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval);

    /// <summary>Starts a timer that tells a message once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    void StartSingleTimer(object key, object msg, TimeSpan timeout);

    /// <summary>Whether a timer was started and has neither ended nor been cancelled.</summary>
    bool IsTimerActive(object key);

    /// <summary>Cancels a timer if it is active.</summary>
    void Cancel(object key);

    /// <summary>Cancels all timers.</summary>
    void CancelAll();
}
