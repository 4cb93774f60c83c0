using System.Diagnostics;
using PeerSync.Bench.Load.Measurement;
using PeerSync.Bench.Load.Sockets;

namespace PeerSync.Bench.Load.Scenarios;

/// <summary>
/// Sends at a fixed rate over the lanes of one loop, in turn, whether earlier messages have arrived or not. Latency counts from the
/// moment a message was due, so that a server (or client) that stalls is charged for every message that had to wait.
/// </summary>
internal sealed class OpenLoopDriver : ILaneDriver, IDisposable
{
    private const int LargestBacklog = 20_000;
    private static readonly double NanosecondsPerTick = 1e9 / Stopwatch.Frequency;
    private readonly IReadOnlyList<Lane> _lanes;
    private readonly long _interval;
    private readonly EventLoop _loop;
    private readonly TimeSpan _period;
    private LoopTimer? _timer;
    private long _due;
    private int _next;
    private long _recordFrom = long.MaxValue;

    public OpenLoopDriver(EventLoop loop, IReadOnlyList<Lane> lanes, double rate)
    {
        _loop = loop;
        _lanes = lanes;
        _interval = (long)(Stopwatch.Frequency / rate);
        // No finer than 100 µs: below that the client would do little else than wake up.
        _period = TimeSpan.FromTicks((long)Math.Max(TimeSpan.TicksPerSecond / rate, TimeSpan.TicksPerMillisecond / 10.0));
    }

    /// <summary>The loop that it sends on.</summary>
    public EventLoop Loop => _loop;

    /// <summary>From due to received, in nanoseconds.</summary>
    public Histogram Latency { get; } = new();

    /// <summary>From due to sent, in nanoseconds: what the client itself adds.</summary>
    public Histogram Delay { get; } = new();

    /// <summary>Whether the target could not keep up, so that sending was stopped.</summary>
    public bool HasFallenBehind { get; private set; }

    public void Start()
    {
        foreach (var lane in _lanes)
        {
            lane.Driver = this;
        }

        _due = Stopwatch.GetTimestamp();
        _timer = new LoopTimer(_loop, _period, SendDue);
    }

    /// <summary>Messages due from now on are recorded.</summary>
    public void StartRecording()
    {
        _recordFrom = Stopwatch.GetTimestamp();
    }

    /// <summary>Stops sending; what was due before is still recorded when it arrives. For the loop's thread, as all members.</summary>
    public void Dispose()
    {
        _timer?.Dispose();
    }

    public void OnReceived(Lane lane, int count)
    {
        var now = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            var due = lane.DueTimes.Dequeue();
            if (due >= _recordFrom)
            {
                Latency.Record((long)((now - due) * NanosecondsPerTick));
            }
        }
    }

    private void SendDue()
    {
        var now = Stopwatch.GetTimestamp();
        for (; _due <= now; _due += _interval)
        {
            var lane = _lanes[_next];
            _next = _next + 1 == _lanes.Count ? 0 : _next + 1;
            if (lane.DueTimes.Count * (long)_lanes.Count > LargestBacklog)
            {
                HasFallenBehind = true;
                Dispose();
                return;
            }

            lane.DueTimes.Enqueue(_due);
            lane.Send(1);
            if (_due >= _recordFrom)
            {
                Delay.Record((long)((now - _due) * NanosecondsPerTick));
            }
        }
    }
}
