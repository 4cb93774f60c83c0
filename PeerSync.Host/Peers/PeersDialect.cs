using PeerSync.Actors.Connections;
using PeerSync.Actors.Peers;
using PeerSync.Host.Sockets;
using PeerSync.Kernel;
using PeerSync.Protocol.Peers;

namespace PeerSync.Host.Peers;

/// <summary>The Peers feature on a WebSocket: JSON objects with the member <c>event</c> (docs/spec/peers.md).</summary>
internal sealed class PeersDialect(string path, PeersServices services) : ISocketDialect
{
    /// <inheritdoc />
    public string Feature => "peers";

    /// <inheritdoc />
    public IReadOnlyList<string> Paths { get; } = [path];

    /// <inheritdoc />
    public DialectLimits? Limits => null;

    /// <inheritdoc />
    public bool Recognizes(ReadOnlySpan<byte> firstMessage) =>
        PeersReader.Read(firstMessage, out var envelope) == PeersEnvelopeStatus.Ok && envelope.UnknownName != PeersEnvelope.NoName;

    /// <inheritdoc />
    public Props CreateActor(IConnection connection) => Props.Create(() => new PeersConnectionActor(connection, services));
}
