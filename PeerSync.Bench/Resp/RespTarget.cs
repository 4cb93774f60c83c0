using PeerSync.Bench.Load.Sockets;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Resp;

/// <summary>A server whose subscribers speak Redis's protocol.</summary>
internal abstract class RespTarget : ITarget
{
    /// <summary>The channel that subscribers listen to.</summary>
    public const string Channel = "osmynt-recent-snippets";

    public abstract string Name { get; }

    public abstract string Title { get; }

    /// <summary>What subscribers log in with; null where that is not needed.</summary>
    public abstract string? Password { get; }

    /// <summary>Where the server that was started last is subscribed at.</summary>
    public int RespPort { get; protected set; }

    public abstract Task<string?> PrepareAsync(CancellationToken cancellationToken);

    public abstract Task<ServerProcess> StartAsync(CancellationToken cancellationToken);

    /// <summary>Opens what publishes one event after the other.</summary>
    public abstract Task<IRespPublisher> OpenPublisherAsync(ServerProcess server, CancellationToken cancellationToken);

    /// <summary>Subscribers have one credential, which is the target's.</summary>
    public string CreateCredential(int user) => Password ?? string.Empty;

    /// <summary>Subscribers are opened by <see cref="RespSubscribers"/>: they are no WebSockets.</summary>
    public Task<LoadConnection> OpenAsync(EventLoop loop, ServerProcess server, string credential) => throw new NotSupportedException();

    /// <summary>Subscribers do not speak with each other.</summary>
    public Task<(Lane Forth, Lane Back)> PairAsync(LoadConnection first, LoadConnection second, string content) => throw new NotSupportedException();
}

/// <summary>Publishes events of one size.</summary>
internal interface IRespPublisher : IAsyncDisposable
{
    /// <summary>Causes one event; completes when the server has answered whoever caused it.</summary>
    Task PublishAsync(CancellationToken cancellationToken);
}
