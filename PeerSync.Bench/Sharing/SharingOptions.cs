using PeerSync.Bench.Load;

namespace PeerSync.Bench.Sharing;

/// <summary>What a run of the Sharing benchmark does; each property names its argument and default.</summary>
internal sealed record SharingOptions : TargetOptions
{
    public const string Usage = """
        sharing [--targets peersync-sqlite,peersync-postgres,node-sqlite,node-postgres] [--scenarios me,list,share] [--rounds 3] [--seconds 3]
                [--warmup 1] [--concurrency 32] [--items 50] [--size 2048] [--wraps 3] [--client-threads 1] [--gc own|server|workstation]
                [--folder PATH] [--limit-minutes 40] [--server PATH]
        """;

    public static readonly string[] AllTargets = ["peersync-sqlite", "node-sqlite", "peersync-postgres", "node-postgres"];
    public static readonly string[] AllScenarios = ["me", "list", "share"];

    public SharingOptions()
        : base(AllTargets, AllScenarios) => Concurrency = 32;

    /// <summary>--items: shares of each team, which one list has; at most what a page holds.</summary>
    public int Items { get; private set; } = 50;

    /// <summary>--size: characters of a share's content, which is encrypted and so base64.</summary>
    public int Size { get; private set; } = 2048;

    /// <summary>--wraps: wrapped keys of a share.</summary>
    public int Wraps { get; private set; } = 3;

    /// <summary>--folder: where the databases are kept while the servers run. A disk, not memory, or the figures mean nothing.</summary>
    public string Folder { get; private set; } = Path.GetTempPath();

    /// <inheritdoc cref="MeasuringOptions.Parse{TOptions}"/>
    public static SharingOptions Parse(IReadOnlyList<string> args) => Parse<SharingOptions>("sharing", args);

    /// <inheritdoc/>
    protected override bool TrySet(string name, string value)
    {
        switch (name)
        {
            case "--items":
                Items = Arguments.Integer(name, value, 1, 50);
                return true;
            case "--size":
                Size = Arguments.Integer(name, value, 4, 1_000_000);
                return true;
            case "--wraps":
                Wraps = Arguments.Integer(name, value, 1, 1000);
                return true;
            case "--folder":
                Folder = Path.GetFullPath(value);
                return true;
            default:
                return base.TrySet(name, value);
        }
    }
}
