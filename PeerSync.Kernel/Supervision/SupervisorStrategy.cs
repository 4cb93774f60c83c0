namespace PeerSync.Kernel;

/// <summary>Decides what becomes of children that fail. One instance may serve many actors.</summary>
public abstract class SupervisorStrategy
{
    private readonly IDecider _decider;

    private protected SupervisorStrategy(int maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider, bool loggingEnabled)
    {
        MaxNumberOfRetries = maxNrOfRetries;
        WithinTimeRange = withinTimeRange;
        _decider = decider;
        LoggingEnabled = loggingEnabled;
    }

    /// <summary>Stops children that cannot start, were killed or broke a death pact; restarts those that failed otherwise.</summary>
    public static IDecider DefaultDecider { get; } = Decider.From(static cause => cause switch
    {
        ActorInitializationException or ActorKilledException or DeathPactException => Directive.Stop,
        _ => Directive.Restart,
    });

    /// <summary>One for one with the default decider and any number of restarts.</summary>
    public static SupervisorStrategy DefaultStrategy { get; } = new OneForOneStrategy(DefaultDecider);

    /// <summary>One for one that stops every child that fails.</summary>
    public static SupervisorStrategy StoppingStrategy { get; } = new OneForOneStrategy(static _ => Directive.Stop);

    /// <summary>How many restarts are allowed within the time; negative for any number.</summary>
    public int MaxNumberOfRetries { get; }

    /// <summary>The time in which restarts are counted; null for ever.</summary>
    public TimeSpan? WithinTimeRange { get; }

    /// <summary>Whether failures are published on the event stream as <see cref="Error"/> or <see cref="Warning"/>.</summary>
    public bool LoggingEnabled { get; }

    /// <summary>Chooses a directive for an exception.</summary>
    public Directive Decide(Exception exception) => _decider.Decide(exception);

    internal abstract void ProcessFailure(ActorCell parent, bool restart, ActorCell child, Exception cause);

    /// <summary>Applies the decision.</summary>
    /// <returns>False when the failure is to be the parent's own.</returns>
    internal bool HandleFailure(ActorCell parent, ActorCell child, Exception cause)
    {
        var directive = Decide(cause);
        switch (directive)
        {
            case Directive.Escalate:
                return false;
            case Directive.Resume:
                LogFailure(parent, child, cause, directive);
                child.SendSystemMessage(new SystemMessages.Resume(cause));
                return true;
            default:
                LogFailure(parent, child, cause, directive);
                ProcessFailure(parent, directive == Directive.Restart, child, cause);
                return true;
        }
    }

    private protected bool RequestRestart(ActorCell parent, ActorCell child) =>
        parent.RestartStatsOf(child).RequestRestartPermission(MaxNumberOfRetries, WithinTimeRange, parent.System.TimeProvider);

    private protected static void Restart(ActorCell child, Exception cause, bool suspendFirst)
    {
        if (suspendFirst)
        {
            child.SendSystemMessage(new SystemMessages.Suspend());
        }

        child.SendSystemMessage(new SystemMessages.Recreate(cause));
    }

    private void LogFailure(ActorCell parent, ActorCell child, Exception cause, Directive directive)
    {
        if (!LoggingEnabled)
        {
            return;
        }

        var reported = cause is ActorInitializationException { InnerException: { } inner } ? inner : cause;
        if (directive == Directive.Resume)
        {
            parent.System.Publish(new Warning(child.Path.ToString(), child.ActorType, reported.Message) { Cause = reported });
        }
        else
        {
            parent.System.Publish(new Error(reported, child.Path.ToString(), child.ActorType, reported.Message));
        }
    }
}
