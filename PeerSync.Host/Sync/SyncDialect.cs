using PeerSync.Actors.Connections;
using PeerSync.Actors.Sync;
using PeerSync.Host.Sockets;
using PeerSync.Kernel;
using PeerSync.Protocol.Sync;

namespace PeerSync.Host.Sync;

/// <summary>The Sync feature on a WebSocket: JSON objects with the member <c>type</c> (docs/spec/sync.md).</summary>
internal sealed class SyncDialect(string path, DialectLimits limits, SyncServices services) : ISocketDialect
{
    /// <inheritdoc />
    public string Feature => "sync";

    /// <inheritdoc />
    public IReadOnlyList<string> Paths { get; } = [path];

    /// <inheritdoc />
    public DialectLimits? Limits { get; } = limits;

    /// <inheritdoc />
    public bool Recognizes(ReadOnlySpan<byte> firstMessage) =>
        SyncReader.Read(firstMessage, out var envelope) == SyncEnvelopeStatus.Ok && !envelope.TypeText.IsEmpty;

    /// <inheritdoc />
    public Props CreateActor(IConnection connection) => Props.Create(() => new SyncConnectionActor(connection, services));
}
