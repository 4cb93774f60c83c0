using PeerSync.Bench.Load.Sockets;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Rooms;

/// <summary>PeerSync itself, spoken to in form A of the Rooms protocol.</summary>
internal sealed class PeerSyncRoomTarget(DotNetSettings settings, string path) : RoomTarget
{
    // As a client stamps its frames; of the length of a real one.
    private const string Stamp = ",\"timestamp\":1760000000000}";

    public override string Name => "peersync";

    public override string Title => "PeerSync";

    public override Task<string?> PrepareAsync(CancellationToken cancellationToken) =>
        Task.FromResult(File.Exists(path) ? null : $"{path} does not exist; name the server with --server");

    public override Task<ServerProcess> StartAsync(CancellationToken cancellationToken) => PeerSyncServer.StartAsync(
        path, PeerSyncServer.CreateDataFolder(), ownsData: true, settings, new Dictionary<string, string>(), cancellationToken);

    public override Task<LoadConnection> ConnectAsync(EventLoop loop, ServerProcess server) =>
        LoadConnection.OpenAsync(loop, server.NextSource(), server.Port, "/ws");

    public override string Enter(string user, string room) => Begin("auth", user, room) + ",\"data\":{\"name\":\"Bench\"}" + Stamp;

    public override bool IsEntered(ReadOnlySpan<byte> message) => message.StartsWith("{\"type\":\"peerList\","u8);

    protected override string Signal(string from, string to, string room, string content) =>
        Begin(RoomContent.SignalType(content), from, room) + ",\"to\":\"" + to + "\",\"data\":" + content + Stamp;

    protected override string Chat(string from, string room, string content) => Begin("chat", from, room) + ",\"data\":" + content + Stamp;

    protected override bool IsNews(ReadOnlySpan<byte> message) =>
        message.StartsWith("{\"type\":\"peerJoined\","u8) || message.StartsWith("{\"type\":\"peerLeft\","u8);

    private static string Begin(string type, string from, string room) =>
        "{\"type\":\"" + type + "\",\"roomId\":\"" + room + "\",\"from\":\"" + from + "\"";
}
