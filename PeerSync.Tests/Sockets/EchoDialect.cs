using System.Collections.Concurrent;
using PeerSync.Actors.Connections;
using PeerSync.Host.Sockets;
using PeerSync.Kernel;

namespace PeerSync.Tests.Sockets;

/// <summary>A feature that sends back what it gets and shows the tests what the socket layer tells an actor.</summary>
internal sealed class EchoDialect : ISocketDialect
{
    public string Feature => "echo";

    public IReadOnlyList<string> Paths { get; } = ["/echo"];

    public DialectLimits? Limits { get; init; }

    /// <summary>The connections, in the order in which their actors started.</summary>
    internal BlockingCollection<IConnection> Connections { get; } = [];

    /// <summary>Credits that the actors keep until a test gives them back.</summary>
    internal ConcurrentQueue<IConnection> HeldCredits { get; } = new();

    public bool Recognizes(ReadOnlySpan<byte> firstMessage) => false;

    public Props CreateActor(IConnection connection) => Props.Create(() => new EchoActor(connection, this));
}
