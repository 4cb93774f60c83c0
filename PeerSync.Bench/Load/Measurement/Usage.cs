namespace PeerSync.Bench.Load.Measurement;

/// <summary>
/// Seconds that went by, and the CPU seconds that were used in them by the server, by the client and by everything else on the
/// machine (to a hundredth of a second; slightly below zero is rounding).
/// </summary>
internal readonly record struct Usage(double Seconds, double ServerCpu, double ClientCpu, double OtherCpu)
{
    public static Usage operator +(Usage left, Usage right)
    {
        return new Usage(
            left.Seconds + right.Seconds, left.ServerCpu + right.ServerCpu, left.ClientCpu + right.ClientCpu, left.OtherCpu + right.OtherCpu);
    }
}
