using System.Diagnostics;
using System.Text;
using PeerSync.Bench.Load.Sockets;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Sync;

/// <summary>
/// A device that sends events and receives those of its user's other device. It is strict: acknowledgements and relayed events must come
/// in order, each once. For the loop's thread.
/// </summary>
internal sealed class SyncDevice : IMessageHandler
{
    private readonly SyncFrames _frames;
    private readonly long[] _due = new long[SyncFrames.Capacity];
    private readonly List<long> _unconfirmed = [];
    private long _reportedAcks;

    private SyncDevice(LoadConnection connection, SyncFrames frames)
    {
        Connection = connection;
        _frames = frames;
    }

    public LoadConnection Connection { get; }

    /// <summary>What decides when events are sent.</summary>
    public EventLoad? Load { get; set; }

    public long Sent { get; private set; }

    public long Acknowledged { get; private set; }

    /// <summary>Events of the user's other device that have arrived.</summary>
    public long Relayed { get; private set; }

    /// <summary>Events that can still be sent before one is acknowledged.</summary>
    public int Room => SyncFrames.Capacity - (int)(Sent - Acknowledged);

    public static async Task<SyncDevice> OpenAsync(EventLoop loop, ServerProcess server, SyncIdentity identity, int size)
    {
        var deviceId = Guid.NewGuid();
        var frames = new SyncFrames(identity, deviceId, size);
        var device = new SyncDevice(await SyncLogin.OpenAsync(loop, server, identity, deviceId), frames);
        device.Connection.HandleWith(device);
        return device;
    }

    /// <summary>Sends events that were due at that time.</summary>
    public void Send(int count, long due)
    {
        var first = SyncFrames.FirstNumber + Sent;
        for (var i = 0; i < count; i++)
        {
            _due[(first + i) % SyncFrames.Capacity] = due;
        }

        Sent += count;
        _frames.Send(Connection, first, count);
    }

    public void OnMessage(ReadOnlySpan<byte> message)
    {
        if (AckFrames.Read(message) is var acknowledged and >= 0)
        {
            Require(acknowledged == SyncFrames.FirstNumber + Acknowledged && Acknowledged < Sent, message);
            Acknowledged++;
        }
        else if (message.StartsWith("{\"type\":\"event\","u8))
        {
            var number = SyncFrames.ReadNumber(message[_frames.RelayedNumberAt..]);
            Require(number == SyncFrames.FirstNumber + Relayed, message);
            Relayed++;
            _unconfirmed.Add(number);
        }
        else
        {
            Require(message.StartsWith("{\"type\":\"device_status_changed\""u8), message);
        }
    }

    public void OnReceived()
    {
        if (_unconfirmed.Count > 0)
        {
            AckFrames.Send(Connection, _unconfirmed);
            _unconfirmed.Clear();
        }

        var count = (int)(Acknowledged - _reportedAcks);
        if (count > 0 && Load is { } load)
        {
            var now = Stopwatch.GetTimestamp();
            for (; _reportedAcks < Acknowledged; _reportedAcks++)
            {
                load.Record(_due[(SyncFrames.FirstNumber + _reportedAcks) % SyncFrames.Capacity], now);
            }

            load.OnAcknowledged(this, count, now);
        }
    }

    private static void Require(bool isExpected, ReadOnlySpan<byte> message)
    {
        if (!isExpected)
        {
            throw new InvalidDataException("A message was not expected: " + Encoding.UTF8.GetString(message[..Math.Min(message.Length, 400)]));
        }
    }
}
