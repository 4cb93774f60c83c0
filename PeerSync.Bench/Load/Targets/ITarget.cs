using PeerSync.Bench.Load.Sockets;

namespace PeerSync.Bench.Load.Targets;

/// <summary>A server that the load generator can start and talk to. All of them are used in the same way by every scenario.</summary>
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

    /// <summary>What <see cref="OpenAsync"/> needs to know of a user, made beforehand so that its cost is in no measurement.</summary>
    string CreateCredential(int user);

    /// <summary>Connects, upgrades and logs in, up to the point where others can reach the user. Runs on the loop's thread.</summary>
    Task<LoadConnection> OpenAsync(EventLoop loop, ServerProcess server, string credential);

    /// <summary>
    /// Brings two connections together and proves in both directions that a message arrives with its content. Runs on the
    /// loop's thread.
    /// </summary>
    Task<(Lane Forth, Lane Back)> PairAsync(LoadConnection first, LoadConnection second, string content);
}
