namespace PeerSync.Bench.Load.Targets;

/// <summary>The runtime settings that every .NET server of a run gets alike: the only place where they are chosen.</summary>
/// <param name="IsServerGc">Which collector; null leaves each server what it was built with.</param>
internal sealed record DotNetSettings(bool? IsServerGc)
{
    public IReadOnlyDictionary<string, string> Environment { get; } = IsServerGc is not { } isServerGc
        ? new Dictionary<string, string>()
        : new Dictionary<string, string> { ["DOTNET_gcServer"] = isServerGc ? "1" : "0", ["DOTNET_gcConcurrent"] = "1" };

    public string Description => IsServerGc switch
    {
        true => "server GC (ASP.NET's default)",
        false => "workstation GC",
        null => "the collector that each server is built with",
    };

    /// <summary>Reads an argument that is <c>own</c>, <c>server</c> or <c>workstation</c>.</summary>
    /// <exception cref="ArgumentException">It is something else.</exception>
    public static DotNetSettings Parse(string name, string value) => new(Arguments.Names(name, value, ["own", "server", "workstation"]) switch
    {
        ["own"] => null,
        ["server"] => true,
        ["workstation"] => false,
        _ => throw new ArgumentException($"{name} takes one collector."),
    });
}
