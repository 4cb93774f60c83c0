using System.Text;
using PeerSync.Bench.Load;
using PeerSync.Bench.Load.Sockets;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Rooms;

/// <summary>The rooms that Node and Socket.IO make, over WebSockets: Engine.IO 4, and events as Socket.IO frames them.</summary>
internal sealed class SocketIoTarget : RoomTarget, INodeTarget
{
    private const string Path = "/socket.io/?EIO=4&transport=websocket";
    private readonly NodeServer _node = new(Repository.Root, "rooms.mjs", "socket.io", version: 4);

    public override string Name => "socketio";

    public override string Title => "Node Socket.IO";

    public string NodeVersion => _node.NodeVersion;

    public override Task<string?> PrepareAsync(CancellationToken cancellationToken) => _node.PrepareAsync(cancellationToken);

    public override Task<ServerProcess> StartAsync(CancellationToken cancellationToken) =>
        _node.StartAsync(new Dictionary<string, string>(), cancellationToken);

    public override async Task<LoadConnection> ConnectAsync(EventLoop loop, ServerProcess server)
    {
        var connection = await LoadConnection.OpenAsync(loop, server.NextSource(), server.Port, Path);
        try
        {
            connection.KeepAlive = ("2"u8.ToArray(), "3"u8.ToArray());
            Expect(await connection.ReceiveTextAsync(), "0{"u8);
            connection.Send(ClientFrame.Text("40"));
            Expect(await connection.ReceiveTextAsync(), "40{"u8);
            return connection;
        }
        catch
        {
            connection.Abort();
            throw;
        }
    }

    // The figure behind 42 asks for an acknowledgement, which is 43 with the same figure.
    public override string Enter(string user, string room) =>
        "420[\"enter\",{\"room\":\"" + room + "\",\"user\":\"" + user + "\",\"name\":\"Bench\"}]";

    public override bool IsEntered(ReadOnlySpan<byte> message) => message.StartsWith("430["u8);

    protected override string Signal(string from, string to, string room, string content) =>
        "42[\"signal\",{\"to\":\"" + to + "\",\"type\":\"" + RoomContent.SignalType(content) + "\",\"data\":" + content + "}]";

    protected override string Chat(string from, string room, string content) => "42[\"chat\"," + content + "]";

    protected override bool IsNews(ReadOnlySpan<byte> message) => message.StartsWith("42[\"joined\","u8) || message.StartsWith("42[\"left\","u8);

    private static void Expect(byte[] text, ReadOnlySpan<byte> start)
    {
        if (!text.AsSpan().StartsWith(start))
        {
            throw new InvalidDataException($"Instead of {Encoding.UTF8.GetString(start)} came: {Encoding.UTF8.GetString(text)}");
        }
    }
}
