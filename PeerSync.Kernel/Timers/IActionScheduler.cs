namespace PeerSync.Kernel;

/// <summary>Runs actions later, on a thread of the pool. They must not throw and must not touch an actor's state.</summary>
public interface IActionScheduler
{
    /// <summary>Runs an action once.</summary>
    void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable = null);

    /// <summary>Runs an action again and again until it is cancelled or the system ends.</summary>
    void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable = null);
}
