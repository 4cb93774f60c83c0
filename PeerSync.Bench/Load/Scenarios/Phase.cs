using PeerSync.Bench.Load.Measurement;

namespace PeerSync.Bench.Load.Scenarios;

/// <summary>Events of one kind, what they brought to the members of a network, and what they cost.</summary>
internal readonly record struct Phase(int Events, long Deliveries, long Bytes, Usage Usage)
{
    public static Phase operator +(Phase left, Phase right)
    {
        return new Phase(left.Events + right.Events, left.Deliveries + right.Deliveries, left.Bytes + right.Bytes, left.Usage + right.Usage);
    }
}
