using System.Collections.Concurrent;

namespace PeerSync.Host.Metrics;

/// <summary>
/// Families of the Prometheus page that are there before anything was measured, or that have a name which no instrument can have. An instrument that has points
/// under the same name takes the place of its declaration.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class PrometheusFamilies
{
    private readonly ConcurrentDictionary<string, PrometheusFamily> _families = new(StringComparer.Ordinal);

    /// <summary>Every declaration.</summary>
    public IEnumerable<PrometheusFamily> All => _families.Values;

    /// <summary>Declares a family; one name once.</summary>
    public void Declare(PrometheusFamily family) => _families[family.Name] = family;
}

/// <summary>A family of the page.</summary>
/// <param name="Name">The name as the page has it, suffixes included.</param>
/// <param name="Type"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
/// <param name="Help">What it tells.</param>
/// <param name="Lines">Its lines, each with its end; null for none.</param>
internal sealed record PrometheusFamily(string Name, string Type, string Help, Func<string>? Lines = null);
