namespace PeerSync.Kernel;

/// <summary>More of what an actor can do with its context.</summary>
public static class ActorContextExtensions
{
    /// <summary>A log that publishes to the event stream under the actor's path.</summary>
    public static ILoggingAdapter GetLogger(this IActorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var type = ((ActorCell)context).ActorType;
        return new EventStreamLogger(context.System, context.Self, type);
    }
}
