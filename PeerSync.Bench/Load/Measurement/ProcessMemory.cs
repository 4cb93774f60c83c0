using System.Diagnostics;
using System.Globalization;

namespace PeerSync.Bench.Load.Measurement;

/// <summary>Resident memory of a process in bytes: all of it, and its proportional share (0 when it may not be read).</summary>
internal readonly record struct ProcessMemory(long Resident, long Proportional)
{
    private static readonly TimeSpan SamplePeriod = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(10);

    /// <summary>Waits until the resident size has stayed within half a percent for two seconds, or for ten seconds at most.</summary>
    public static async Task<ProcessMemory> SettleAsync(int processId, CancellationToken cancellationToken)
    {
        const int SteadySamples = 8;
        var started = Stopwatch.GetTimestamp();
        var reference = Read(processId);
        for (var steady = 0; steady < SteadySamples && Stopwatch.GetElapsedTime(started) < SettleLimit; steady++)
        {
            await Task.Delay(SamplePeriod, cancellationToken);
            var current = Read(processId);
            if (Math.Abs(current.Resident - reference.Resident) > reference.Resident / 200)
            {
                reference = current;
                steady = -1;
            }
        }

        return Read(processId);
    }

    public static ProcessMemory Read(int processId)
    {
        var folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/");
        return new ProcessMemory(ReadField(folder + "status", "VmRSS:"), ReadField(folder + "smaps_rollup", "Pss:"));
    }

    private static long ReadField(string path, string name)
    {
        try
        {
            foreach (var line in File.ReadLines(path))
            {
                if (line.StartsWith(name, StringComparison.Ordinal))
                {
                    var number = line.AsSpan(name.Length).Trim();
                    return 1024 * long.Parse(number[..number.IndexOf(' ')], CultureInfo.InvariantCulture);
                }
            }
        }
        catch (UnauthorizedAccessException)
        {
            // Another user's smaps; the resident size is readable by everybody.
        }

        return 0;
    }
}
