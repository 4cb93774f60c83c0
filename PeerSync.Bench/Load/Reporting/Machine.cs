using System.Globalization;
using System.Runtime.InteropServices;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Load.Reporting;

/// <summary>What the figures were measured on and with.</summary>
internal static class Machine
{
    public static string Describe(TargetRun run, DotNetSettings settings)
    {
        var node = run.Targets.OfType<INodeTarget>().Select(target => $", Node {target.NodeVersion.TrimStart('v')}").FirstOrDefault() ?? "";
        return Describe(settings, node, run.Loops.Count);
    }

    public static string Describe(DotNetSettings settings, string software, int clientThreads)
    {
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{ProcessorModel()}, {Environment.ProcessorCount} processors shared by server and client, "
            + $"Linux {Environment.OSVersion.Version}, {RuntimeInformation.FrameworkDescription}, {settings.Description}{software}, "
            + $"{clientThreads} client thread(s)");
    }

    private static string ProcessorModel()
    {
        const string Field = "model name";
        var line = File.ReadLines("/proc/cpuinfo").FirstOrDefault(text => text.StartsWith(Field, StringComparison.Ordinal));
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':') + 1)..].Trim();
    }
}
