namespace PeerSync.Kernel;

/// <summary>Makes deciders.</summary>
public static class Decider
{
    /// <summary>A decider that asks a function.</summary>
    public static IDecider From(Func<Exception, Directive> localOnlyDecider)
    {
        ArgumentNullException.ThrowIfNull(localOnlyDecider);
        return new FunctionDecider(localOnlyDecider);
    }

    private sealed class FunctionDecider(Func<Exception, Directive> function) : IDecider
    {
        public Directive Decide(Exception cause) => function(cause);
    }
}
