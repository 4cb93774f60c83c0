namespace PeerSync.Bench.Load.Targets;

/// <summary>The runtime settings that every .NET server of a run gets alike: the only place where they are chosen.</summary>
internal sealed record DotNetSettings(bool IsServerGc)
{
    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>
    {
        ["DOTNET_gcServer"] = IsServerGc ? "1" : "0",
        ["DOTNET_gcConcurrent"] = "1",
    };

    public string Description => IsServerGc ? "server GC (ASP.NET's default)" : "workstation GC";
}
