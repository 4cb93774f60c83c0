namespace PeerSync.Kernel;

/// <summary>The parent of the top actors: of <c>/user</c> or of <c>/system</c>.</summary>
internal sealed class Guardian(SupervisorStrategy strategy) : UntypedActor
{
    protected override void OnReceive(object message) => Unhandled(message);

    protected override SupervisorStrategy SupervisorStrategy() => strategy;

    /// <summary>Children of a guardian outlive its failures; an escalated one ends the system anyway.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
    }
}
