namespace PeerSync.Bench.Load;

/// <summary>What the commands can be told that measure several servers side by side.</summary>
internal abstract record TargetOptions : ServerOptions
{
    private readonly IReadOnlyList<string> _knownTargets;
    private readonly IReadOnlyList<string> _knownScenarios;

    /// <param name="knownTargets">The servers' names.</param>
    /// <param name="knownScenarios">The measurements' names.</param>
    protected TargetOptions(IReadOnlyList<string> knownTargets, IReadOnlyList<string> knownScenarios)
    {
        _knownTargets = knownTargets;
        _knownScenarios = knownScenarios;
        Targets = knownTargets;
        Scenarios = knownScenarios;
    }

    /// <summary>--targets: what is measured; everything unless some are named.</summary>
    public IReadOnlyList<string> Targets { get; private set; }

    /// <summary>--scenarios: which measurements are made; all unless some are named.</summary>
    public IReadOnlyList<string> Scenarios { get; private set; }

    /// <summary>--client-threads: event loops of the client.</summary>
    public int ClientThreads { get; protected set; } = 1;

    /// <summary>The warm-up of a server that has just been started: its code is not yet compiled for speed.</summary>
    public TimeSpan FirstWarmup => TimeSpan.FromSeconds(Warmup * 5);

    /// <inheritdoc/>
    protected override bool TrySet(string name, string value)
    {
        switch (name)
        {
            case "--targets":
                Targets = Arguments.Names(name, value, _knownTargets);
                return true;
            case "--scenarios":
                Scenarios = Arguments.Names(name, value, _knownScenarios);
                return true;
            case "--client-threads":
                ClientThreads = Arguments.Integer(name, value, 1, 64);
                return true;
            default:
                return base.TrySet(name, value);
        }
    }
}
