using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Load;

/// <summary>What the commands can be told that start PeerSync as a process of its own.</summary>
internal abstract record ServerOptions : MeasuringOptions
{
    /// <summary>--concurrency: how many connections are opened, or used, at a time.</summary>
    public int Concurrency { get; protected set; } = 64;

    /// <summary>--gc: the servers' collector; that which each was built with unless another is named.</summary>
    public DotNetSettings Runtime { get; protected set; } = new(IsServerGc: null);

    /// <summary>--server: PeerSync's executable or assembly; the one beside the bench when it is not given.</summary>
    public string ServerPath { get; private set; } = PeerSyncServer.DefaultPath;

    /// <inheritdoc/>
    protected override bool TrySet(string name, string value)
    {
        switch (name)
        {
            case "--concurrency":
                Concurrency = Arguments.Integer(name, value, 1, 10_000);
                return true;
            case "--gc":
                Runtime = DotNetSettings.Parse(name, value);
                return true;
            case "--server":
                ServerPath = Path.GetFullPath(value);
                return true;
            default:
                return base.TrySet(name, value);
        }
    }
}
