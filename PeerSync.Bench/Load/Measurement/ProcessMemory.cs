using System.Globalization;

namespace PeerSync.Bench.Load.Measurement;

/// <summary>Resident memory of a process in bytes: all of it, and its proportional share (0 when it may not be read).</summary>
internal readonly record struct ProcessMemory(long Resident, long Proportional)
{
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
