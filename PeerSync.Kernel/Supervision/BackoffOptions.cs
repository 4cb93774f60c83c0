namespace PeerSync.Kernel;

/// <summary>What can be set about a <see cref="BackoffSupervisor"/>. Made by <see cref="Backoff"/>; immutable.</summary>
public sealed record BackoffOptions
{
    internal BackoffOptions(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries, bool onStop)
    {
        ArgumentNullException.ThrowIfNull(childProps);
        ArgumentException.ThrowIfNullOrEmpty(childName);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(minBackoff, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBackoff, minBackoff);
        ArgumentOutOfRangeException.ThrowIfLessThan(randomFactor, 0.0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(randomFactor, 1.0);
        ChildProps = childProps;
        ChildName = childName;
        MinBackoff = minBackoff;
        MaxBackoff = maxBackoff;
        RandomFactor = randomFactor;
        MaxNrOfRetries = maxNrOfRetries;
        OnStop = onStop;
        AutoReset = minBackoff;
    }

    internal Props ChildProps { get; }

    internal string ChildName { get; }

    internal TimeSpan MinBackoff { get; }

    internal TimeSpan MaxBackoff { get; }

    internal double RandomFactor { get; }

    internal bool OnStop { get; }

    internal int MaxNrOfRetries { get; private init; }

    internal TimeSpan? AutoReset { get; private init; }

    internal object? ReplyWhileStopped { get; private init; }

    internal Func<object, bool>? FinalStopMessage { get; private init; }

    internal SupervisorStrategy Strategy { get; private init; } = SupervisorStrategy.DefaultStrategy;

    /// <summary>Forgets past restarts when the child has lived for a time; by default for the first delay.</summary>
    public BackoffOptions WithAutoReset(TimeSpan resetBackoff) => this with { AutoReset = resetBackoff };

    /// <summary>Forgets past restarts only when the child tells its parent <see cref="BackoffSupervisor.Reset"/>.</summary>
    public BackoffOptions WithManualReset() => this with { AutoReset = null };

    /// <summary>Decides about the child's failures.</summary>
    public BackoffOptions WithSupervisorStrategy(OneForOneStrategy supervisorStrategy)
    {
        ArgumentNullException.ThrowIfNull(supervisorStrategy);
        return this with { Strategy = supervisorStrategy };
    }

    /// <summary>Stops the child when it fails, so that <see cref="Backoff.OnStop"/> serves failures too.</summary>
    public BackoffOptions WithDefaultStoppingStrategy() => this with { Strategy = SupervisorStrategy.StoppingStrategy };

    /// <summary>Answers messages that come while the child is stopped, instead of giving them to the dead letters.</summary>
    public BackoffOptions WithReplyWhileStopped(object replyWhileStopped) => this with { ReplyWhileStopped = replyWhileStopped };

    /// <summary>Names the message after which a stop of the child is final.</summary>
    public BackoffOptions WithFinalStopMessage(Func<object, bool> isFinalStopMessage) => this with { FinalStopMessage = isFinalStopMessage };

    /// <summary>Sets how often the child is started again before the supervisor stops; negative for any number.</summary>
    public BackoffOptions WithMaxNrOfRetries(int maxNrOfRetries) => this with { MaxNrOfRetries = maxNrOfRetries };
}
