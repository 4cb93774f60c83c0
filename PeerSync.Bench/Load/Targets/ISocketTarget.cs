using PeerSync.Bench.Load.Sockets;

namespace PeerSync.Bench.Load.Targets;

/// <summary>A server whose users have WebSockets and reach each other.</summary>
internal interface ISocketTarget : ITarget
{
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
