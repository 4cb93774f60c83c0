using System.Globalization;

namespace PeerSync.Host.Configuration.Hocon;

/// <summary>Where a value was written.</summary>
/// <param name="Source">A file's name, or what else the text came from.</param>
/// <param name="Line">Counted from 1; 0 where the source has no lines.</param>
/// <param name="Column">In UTF-16 code units, counted from 1; 0 where the source has no lines.</param>
internal readonly record struct HoconOrigin(string Source, int Line, int Column)
{
    /// <summary>The origin of a value that an environment variable holds.</summary>
    /// <param name="name">The variable's name.</param>
    public static HoconOrigin Environment(string name) => new($"environment {name}", 0, 0);

    /// <summary>The origin of a fault that concerns a source as a whole.</summary>
    /// <param name="source">The source's name.</param>
    public static HoconOrigin Whole(string source) => new(source, 0, 0);

    /// <summary><c>source:line</c>, which terminals and editors turn into a link.</summary>
    public override string ToString() => Line == 0 ? Source : string.Create(CultureInfo.InvariantCulture, $"{Source}:{Line}");
}
