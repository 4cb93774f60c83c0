namespace PeerSync.Bench.Load.Targets;

/// <summary>A server that is measured. All of them are used in the same way by every scenario.</summary>
internal interface ITarget
{
    /// <summary>The name on the command line.</summary>
    string Name { get; }

    /// <summary>The name in the tables.</summary>
    string Title { get; }

    /// <summary>Makes everything ready that a start needs; returns why the target cannot run here, or null when it can.</summary>
    Task<string?> PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Starts the server as a process of its own.</summary>
    Task<ServerProcess> StartAsync(CancellationToken cancellationToken);
}
