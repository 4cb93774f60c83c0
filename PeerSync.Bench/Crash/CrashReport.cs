using System.Globalization;
using System.Text;

namespace PeerSync.Bench.Crash;

/// <summary>What a crash test has found.</summary>
/// <param name="Engine">The database.</param>
/// <param name="Options">What was to be done.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Starts">From the start of the program after a kill until the server answered.</param>
/// <param name="Recoveries">From the kill until an event was acknowledged again.</param>
/// <param name="Kills">How often the server was killed.</param>
/// <param name="Stored">Events that the streams held at the end.</param>
/// <param name="Tally">What happened meanwhile.</param>
internal sealed record CrashReport(
    string Engine,
    CrashOptions Options,
    TimeSpan Elapsed,
    IReadOnlyList<TimeSpan> Starts,
    IReadOnlyList<TimeSpan> Recoveries,
    int Kills,
    long Stored,
    CrashTally Tally)
{
    public bool IsGood => Tally.Faults.Count == 0;

    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Engine}, {Options.Users} users with {Options.Devices} devices, {Kills} kills in {Elapsed.TotalSeconds:N0} s, seed {Options.Seed}")
            .AppendLine(CultureInfo.InvariantCulture, $"  acknowledged  {Tally.Acknowledged:N0} events, {Tally.AcknowledgedAtLogin:N0} of them at a login; the streams hold {Stored:N0}")
            .AppendLine(CultureInfo.InvariantCulture, $"  sent again    {Tally.Resent:N0}")
            .AppendLine(CultureInfo.InvariantCulture, $"  received      {Tally.Received:N0} from other devices, {Tally.Repeated:N0} repeated on a later socket")
            .AppendLine(CultureInfo.InvariantCulture, $"  start         {Describe(Starts)}")
            .AppendLine(CultureInfo.InvariantCulture, $"  recovery      {Describe(Recoveries)}, from the kill to the first acknowledgement")
            .AppendLine(CultureInfo.InvariantCulture, $"  closes        {string.Join(", ", Tally.Closes.OrderBy(close => close.Key).Select(close => $"{close.Key}: {close.Value}"))}");
        foreach (var fault in Tally.Faults)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  FAULT         {fault}");
        }

        return text.Append(IsGood ? "Nothing was lost." : "The promise was broken.").ToString();
    }

    private static string Describe(IReadOnlyList<TimeSpan> times)
    {
        var sorted = times.Select(time => time.TotalSeconds).Order().ToList();
        return sorted.Count == 0
            ? "never"
            : string.Create(CultureInfo.InvariantCulture, $"{sorted[sorted.Count / 2]:N2} s (median), {sorted[^1]:N2} s (longest)");
    }
}
