namespace PeerSync.Kernel;

/// <summary>Gives an actor timers of its own.</summary>
public interface IWithTimers
{
    /// <summary>The timers. Set by the kernel after the constructor has run, before <c>PreStart</c>.</summary>
    ITimerScheduler Timers { get; set; }
}
