using PeerSync.Actors.Connections;
using PeerSync.Actors.Rooms;
using PeerSync.Host.Sockets;
using PeerSync.Kernel;
using PeerSync.Protocol.Rooms;

namespace PeerSync.Host.Rooms;

/// <summary>The Rooms feature on a WebSocket: five forms of JSON objects with the member <c>type</c>, told apart by its actor (docs/spec/rooms.md).</summary>
internal sealed class RoomsDialect(string path, DialectLimits limits, RoomsServices services) : ISocketDialect
{
    /// <inheritdoc />
    public string Feature => "rooms";

    /// <inheritdoc />
    public IReadOnlyList<string> Paths { get; } = ["/", path];

    /// <inheritdoc />
    public DialectLimits? Limits { get; } = limits;

    /// <inheritdoc />
    public bool Recognizes(ReadOnlySpan<byte> firstMessage) =>
        RoomsReader.Read(firstMessage, out var frame) == RoomsFrameStatus.Ok && RoomsReader.Decide(frame) != RoomsForm.Undecided;

    /// <inheritdoc />
    public Props CreateActor(IConnection connection) => Props.Create(() => new RoomsConnectionActor(connection, services));
}
