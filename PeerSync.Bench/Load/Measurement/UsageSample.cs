using System.Diagnostics;
using PeerSync.Bench.Load.Sockets;

namespace PeerSync.Bench.Load.Measurement;

/// <summary>The clock and the CPU time that server and client have used so far; two of them make a <see cref="Usage"/>.</summary>
internal readonly record struct UsageSample(long Timestamp, TimeSpan ServerCpu, TimeSpan ClientCpu)
{
    public static UsageSample Take(int serverProcessId)
    {
        var server = Libc.CpuTime(serverProcessId) ?? throw new InvalidOperationException("The server process has ended.");
        var client = Libc.CpuTime(Environment.ProcessId) ?? throw Libc.Failure("clock_gettime");
        return new UsageSample(Stopwatch.GetTimestamp(), server, client);
    }

    public Usage Until(UsageSample end)
    {
        return new Usage(
            Stopwatch.GetElapsedTime(Timestamp, end.Timestamp).TotalSeconds,
            (end.ServerCpu - ServerCpu).TotalSeconds,
            (end.ClientCpu - ClientCpu).TotalSeconds);
    }
}
