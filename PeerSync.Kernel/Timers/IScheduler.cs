namespace PeerSync.Kernel;

/// <summary>Tells messages and runs actions later, by the system's clock. Safe on every thread.</summary>
public interface IScheduler
{
    /// <summary>The system's time.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Runs actions instead of telling messages.</summary>
    IActionScheduler Advanced { get; }

    /// <summary>Tells a message once.</summary>
    /// <param name="delay">When; not negative.</param>
    /// <param name="receiver">To whom.</param>
    /// <param name="message">The message.</param>
    /// <param name="sender">Who is its sender.</param>
    /// <param name="cancelable">Takes the order back; null for an order that cannot be.</param>
    void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable = null);

    /// <summary>Tells a message again and again until it is cancelled or the system ends.</summary>
    /// <param name="initialDelay">When first; not negative.</param>
    /// <param name="interval">The time between two messages; positive.</param>
    /// <param name="receiver">To whom.</param>
    /// <param name="message">The message.</param>
    /// <param name="sender">Who is its sender.</param>
    /// <param name="cancelable">Takes the order back; null for an order that cannot be.</param>
    void ScheduleTellRepeatedly(
        TimeSpan initialDelay,
        TimeSpan interval,
        ICanTell receiver,
        object message,
        IActorRef? sender,
        ICancelable? cancelable = null);
}
