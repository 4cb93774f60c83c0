using System.Globalization;

namespace PeerSync.Bench.Load;

/// <summary>Reads command-line arguments of the form <c>--name value</c>; what cannot be read is an <see cref="ArgumentException"/> that names it.</summary>
internal static class Arguments
{
    /// <summary>Each argument with its value, in their order.</summary>
    public static IEnumerable<(string Name, string Value)> Read(IReadOnlyList<string> args)
    {
        for (var i = 0; i < args.Count; i += 2)
        {
            yield return i + 1 < args.Count ? (args[i], args[i + 1]) : throw new ArgumentException($"{args[i]} has no value.");
        }
    }

    public static int Integer(string name, string value, int min, int max) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new ArgumentException($"{name} takes a whole number from {min} to {max}.");

    /// <summary>Whole numbers, separated by commas.</summary>
    public static int[] Integers(string name, string value, int min, int max) =>
        value.Split(',').Select(part => Integer(name, part, min, max)).ToArray();

    public static double Number(string name, string value, double min, double max) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{name} takes a number from {min} to {max}."));

    /// <summary>Some of the known names, separated by commas, each once.</summary>
    public static string[] Names(string name, string value, IReadOnlyCollection<string> known)
    {
        var names = value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return names.Length > 0 && names.All(known.Contains)
            ? names.Distinct().ToArray()
            : throw new ArgumentException($"{name} takes some of: {string.Join(", ", known)}.");
    }
}
