namespace PeerSync.Bench.Load;

/// <summary>What the commands can be told that have pairs of connections send to each other.</summary>
internal abstract record PairOptions : TargetOptions
{
    /// <inheritdoc cref="TargetOptions(IReadOnlyList{string}, IReadOnlyList{string})"/>
    protected PairOptions(IReadOnlyList<string> knownTargets, IReadOnlyList<string> knownScenarios)
        : base(knownTargets, knownScenarios)
    {
    }

    /// <summary>--pairs: pairs that send at the same time.</summary>
    public int Pairs { get; private set; } = 50;

    /// <summary>--windows: messages in flight in each direction of each pair.</summary>
    public IReadOnlyList<int> Windows { get; private set; } = [1, 8];

    /// <summary>--settle: seconds of silence after which memory is read a second time.</summary>
    public double Settle { get; protected set; } = 15;

    /// <inheritdoc/>
    protected override bool TrySet(string name, string value)
    {
        switch (name)
        {
            case "--pairs":
                Pairs = Arguments.Integer(name, value, 1, 5000);
                return true;
            case "--windows":
                Windows = Arguments.Integers(name, value, 1, 1000);
                return true;
            case "--settle":
                Settle = Arguments.Number(name, value, 0, 600);
                return true;
            default:
                return base.TrySet(name, value);
        }
    }
}
