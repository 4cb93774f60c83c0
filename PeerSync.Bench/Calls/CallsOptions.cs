using PeerSync.Bench.Load;

namespace PeerSync.Bench.Calls;

/// <summary>What a run of the Calls benchmark does; each property names its argument and default.</summary>
internal sealed record CallsOptions : PairOptions
{
    public const string Usage = """
        calls [--targets peersync,socketio] [--scenarios signals,connects,memory] [--rounds 3] [--seconds 3] [--warmup 1] [--pairs 50]
              [--windows 1,8] [--connects 2000] [--connections 5000] [--settle 5] [--concurrency 64] [--client-threads 1]
              [--gc own|server|workstation] [--limit-minutes 40] [--server PATH]
        """;

    public static readonly string[] AllTargets = ["peersync", "socketio"];
    public static readonly string[] AllScenarios = ["signals", "connects", "memory"];

    public CallsOptions()
        : base(AllTargets, AllScenarios) => Settle = 5;

    /// <summary>--connects: connections that authenticate in one round of the connects scenario.</summary>
    public int Connects { get; private set; } = 2000;

    /// <summary>--connections: idle connections whose memory is measured.</summary>
    public int Connections { get; private set; } = 5000;

    /// <inheritdoc cref="MeasuringOptions.Parse{TOptions}"/>
    public static CallsOptions Parse(IReadOnlyList<string> args) => Parse<CallsOptions>("calls", args);

    /// <inheritdoc/>
    protected override bool TrySet(string name, string value)
    {
        switch (name)
        {
            case "--connects":
                Connects = Arguments.Integer(name, value, 1, 1_000_000);
                return true;
            case "--connections":
                Connections = Arguments.Integer(name, value, 1, 1_000_000);
                return true;
            default:
                return base.TrySet(name, value);
        }
    }
}
