namespace PeerSync.Bench.Load.Measurement;

/// <summary>Seconds that went by, and the CPU seconds that the server and the client used in them.</summary>
internal readonly record struct Usage(double Seconds, double ServerCpu, double ClientCpu)
{
    public static Usage operator +(Usage left, Usage right)
    {
        return new Usage(left.Seconds + right.Seconds, left.ServerCpu + right.ServerCpu, left.ClientCpu + right.ClientCpu);
    }
}
