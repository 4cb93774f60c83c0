namespace PeerSync.Kernel;

/// <summary>Applies the decision about one child to all of its siblings too.</summary>
public sealed class AllForOneStrategy : SupervisorStrategy
{
    /// <summary>Creates the strategy.</summary>
    /// <param name="maxNrOfRetries">How many restarts are allowed within the time before the child is stopped; null or negative for any number.</param>
    /// <param name="withinTimeRange">The time in which restarts are counted; null for ever.</param>
    /// <param name="localOnlyDecider">Chooses a directive for an exception.</param>
    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider)
        : this(maxNrOfRetries, withinTimeRange, Decider.From(localOnlyDecider))
    {
    }

    /// <summary>Creates the strategy.</summary>
    /// <param name="maxNrOfRetries">How many restarts are allowed within the time before the child is stopped; null or negative for any number.</param>
    /// <param name="withinTimeRange">The time in which restarts are counted; null for ever.</param>
    /// <param name="decider">Chooses a directive for an exception.</param>
    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider)
        : base(maxNrOfRetries ?? -1, withinTimeRange, decider, loggingEnabled: true)
    {
    }

    /// <summary>Creates the strategy.</summary>
    /// <param name="maxNrOfRetries">How many restarts are allowed within the time before the child is stopped; negative for any number.</param>
    /// <param name="withinTimeMilliseconds">The time in which restarts are counted, in milliseconds; negative for ever.</param>
    /// <param name="localOnlyDecider">Chooses a directive for an exception.</param>
    /// <param name="loggingEnabled">Whether failures are published on the event stream.</param>
    public AllForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : base(
            maxNrOfRetries,
            withinTimeMilliseconds < 0 ? null : TimeSpan.FromMilliseconds(withinTimeMilliseconds),
            Decider.From(localOnlyDecider),
            loggingEnabled)
    {
    }

    /// <summary>Creates a strategy that allows any number of restarts.</summary>
    /// <param name="localOnlyDecider">Chooses a directive for an exception.</param>
    public AllForOneStrategy(Func<Exception, Directive> localOnlyDecider)
        : this(null, null, localOnlyDecider)
    {
    }

    /// <summary>Creates a strategy that allows any number of restarts.</summary>
    /// <param name="decider">Chooses a directive for an exception.</param>
    public AllForOneStrategy(IDecider decider)
        : this(null, null, decider)
    {
    }

    internal override void ProcessFailure(ActorCell parent, bool restart, ActorCell child, Exception cause)
    {
        var children = parent.ChildCells();
        if (restart && Array.TrueForAll(children, sibling => RequestRestart(parent, sibling)))
        {
            foreach (var sibling in children)
            {
                Restart(sibling, cause, suspendFirst: !ReferenceEquals(sibling, child));
            }
        }
        else
        {
            foreach (var sibling in children)
            {
                parent.Stop(sibling);
            }
        }
    }
}
