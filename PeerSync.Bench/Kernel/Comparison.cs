using System.Globalization;

namespace PeerSync.Bench.Kernel;

/// <summary>One figure of the kernel and of a bare Channel loop, measured in turn.</summary>
internal sealed record Comparison(string Name, string Unit, Func<double> Kernel, Func<double> Channel, bool LowerIsBetter = false)
{
    private readonly List<double> _kernel = [];
    private readonly List<double> _channel = [];

    public void Warm()
    {
        Kernel();
        Channel();
    }

    public void RunRound(int round)
    {
        // Who begins changes, so that neither always finds the machine as the other left it.
        if (round % 2 == 0)
        {
            _kernel.Add(Kernel());
            _channel.Add(Channel());
        }
        else
        {
            _channel.Add(Channel());
            _kernel.Add(Kernel());
        }
    }

    public string Row()
    {
        var ratios = _kernel.Zip(_channel, static (kernel, channel) => channel == 0 ? double.NaN : kernel / channel).ToList();
        var better = LowerIsBetter ? " (lower is better)" : "";
        return $"| {Name} | {Unit}{better} | {Summary(_kernel)} | {Summary(_channel)} | {Summary(ratios)} |";
    }

    private static string Summary(List<double> values)
    {
        var sorted = values.Order().ToList();
        return $"{Format(sorted[sorted.Count / 2])} ({Format(sorted[0])} to {Format(sorted[^1])})";
    }

    private static string Format(double value) => Math.Abs(value) switch
    {
        double.NaN => "-",
        >= 1000 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("N1", CultureInfo.InvariantCulture),
        _ => value.ToString("N2", CultureInfo.InvariantCulture),
    };
}
