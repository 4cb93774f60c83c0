using PeerSync.Bench.Load;
using PeerSync.Bench.Load.Sockets;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Rooms;

/// <summary>The rooms that Node and Socket.IO make, over WebSockets: Engine.IO 4, and events as Socket.IO frames them.</summary>
internal sealed class SocketIoTarget : RoomTarget, INodeTarget
{
    private readonly NodeServer _node = new(Repository.Root, "rooms.mjs", ("socket.io", 4));

    public override string Name => "socketio";

    public override string Title => "Node Socket.IO";

    public string NodeVersion => _node.NodeVersion;

    public override Task<string?> PrepareAsync(CancellationToken cancellationToken) => _node.PrepareAsync(cancellationToken);

    public override Task<ServerProcess> StartAsync(CancellationToken cancellationToken) =>
        _node.StartAsync(new Dictionary<string, string>(), cancellationToken);

    public override Task<LoadConnection> ConnectAsync(EventLoop loop, ServerProcess server) =>
        SocketIoConnection.OpenAsync(loop, server, "", "");

    // The figure behind 42 asks for an acknowledgement, which is 43 with the same figure.
    public override string Enter(string user, string room) =>
        "420[\"enter\",{\"room\":\"" + room + "\",\"user\":\"" + user + "\",\"name\":\"Bench\"}]";

    public override bool IsEntered(ReadOnlySpan<byte> message) => message.StartsWith("430["u8);

    protected override string Signal(string from, string to, string room, string content) =>
        "42[\"signal\",{\"to\":\"" + to + "\",\"type\":\"" + RoomContent.SignalType(content) + "\",\"data\":" + content + "}]";

    protected override string Chat(string from, string room, string content) => "42[\"chat\"," + content + "]";

    protected override bool IsNews(ReadOnlySpan<byte> message) => message.StartsWith("42[\"joined\","u8) || message.StartsWith("42[\"left\","u8);
}
