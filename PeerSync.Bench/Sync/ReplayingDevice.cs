using System.Text;
using System.Text.Json;
using PeerSync.Bench.Load.Sockets;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Sync;

/// <summary>
/// A new device that takes over everything that its user has, page by page, as the web client does: the server sends the first page by
/// itself, every event is confirmed, and the next page is asked for with the token. For the loop's thread.
/// </summary>
internal sealed class ReplayingDevice : IMessageHandler
{
    // What stands behind a page's events: a few numbers and the token.
    private const int LongestTail = 1024;
    private readonly int _limit;
    private readonly List<long> _unconfirmed = [];

    private ReplayingDevice(LoadConnection connection, int limit)
    {
        Connection = connection;
        _limit = limit;
    }

    public LoadConnection Connection { get; }

    public long Received { get; private set; }

    public bool IsDone { get; private set; }

    public static async Task<ReplayingDevice> OpenAsync(EventLoop loop, ServerProcess server, SyncIdentity identity, int limit)
    {
        var device = new ReplayingDevice(await SyncLogin.OpenAsync(loop, server, identity, Guid.NewGuid()), limit);
        device.Connection.HandleWith(device);
        return device;
    }

    public void OnMessage(ReadOnlySpan<byte> message)
    {
        if (!message.StartsWith("{\"type\":\"replay_response\","u8))
        {
            return;
        }

        ReadEvents(message);
        var tail = message[^Math.Min(message.Length, LongestTail)..];
        var end = tail.LastIndexOf("],\"has_more\":"u8);
        using var rest = JsonDocument.Parse(Encoding.UTF8.GetString(tail[(end + 2)..^1]).Insert(0, "{"));
        if (rest.RootElement.GetProperty("page_size").GetInt32() != _unconfirmed.Count)
        {
            throw new InvalidDataException($"A page holds {_unconfirmed.Count} events and says otherwise.");
        }

        AckFrames.Send(Connection, _unconfirmed);
        _unconfirmed.Clear();
        IsDone = !rest.RootElement.GetProperty("has_more").GetBoolean();
        if (!IsDone)
        {
            var token = rest.RootElement.GetProperty("continuation_token").GetString();
            Connection.Send(ClientFrame.Text(
                $"{{\"type\":\"replay_request\",\"payload\":{{\"type\":\"replay_request\",\"last_ack_device_seq\":0,\"limit\":{_limit},\"continuation_token\":\"{token}\"}}}}"));
        }
    }

    public void OnReceived()
    {
        // Each page is answered on its own.
    }

    private void ReadEvents(ReadOnlySpan<byte> page)
    {
        var name = "\"device_seq\":"u8;
        for (var at = page.IndexOf(name); at >= 0; at = page.IndexOf(name))
        {
            page = page[(at + name.Length)..];
            var number = SyncFrames.ReadNumber(page);
            if (number != SyncFrames.FirstNumber + Received)
            {
                throw new InvalidDataException($"Event {SyncFrames.FirstNumber + Received} was expected, and {number} came.");
            }

            Received++;
            _unconfirmed.Add(number);
        }
    }
}
