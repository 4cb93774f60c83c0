using System.Diagnostics;
using System.Globalization;
using PeerSync.Bench.Load.Sockets;

namespace PeerSync.Bench.Load.Measurement;

/// <summary>The clock and the CPU time that server, client and machine have used so far; two of them make a <see cref="Usage"/>.</summary>
internal readonly record struct UsageSample(long Timestamp, TimeSpan ServerCpu, TimeSpan ClientCpu, TimeSpan MachineCpu)
{
    // USER_HZ: the unit of /proc/stat on every architecture that .NET runs on.
    private const int TicksPerSecond = 100;

    public static UsageSample Take(int serverProcessId)
    {
        var server = Libc.CpuTime(serverProcessId) ?? throw new InvalidOperationException("The server process has ended.");
        var client = Libc.CpuTime(Environment.ProcessId) ?? throw Libc.Failure("clock_gettime");
        return new UsageSample(Stopwatch.GetTimestamp(), server, client, ReadMachineCpu());
    }

    public Usage Until(UsageSample end)
    {
        return new Usage(
            Stopwatch.GetElapsedTime(Timestamp, end.Timestamp).TotalSeconds,
            (end.ServerCpu - ServerCpu).TotalSeconds,
            (end.ClientCpu - ClientCpu).TotalSeconds,
            (end.MachineCpu - MachineCpu - (end.ServerCpu - ServerCpu) - (end.ClientCpu - ClientCpu)).TotalSeconds);
    }

    /// <summary>What all processors have done but idling and waiting for disks, and what a hypervisor took away.</summary>
    private static TimeSpan ReadMachineCpu()
    {
        // "cpu  user nice system idle iowait irq softirq steal guest ...": guest is contained in user.
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var busy = 0L;
        for (var i = 1; i <= 8; i++)
        {
            busy += i is 4 or 5 ? 0 : long.Parse(fields[i], CultureInfo.InvariantCulture);
        }

        return TimeSpan.FromSeconds((double)busy / TicksPerSecond);
    }
}
