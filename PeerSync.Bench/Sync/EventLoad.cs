using System.Diagnostics;
using PeerSync.Bench.Load.Measurement;
using PeerSync.Bench.Load.Sockets;

namespace PeerSync.Bench.Sync;

/// <summary>
/// Lets devices send: either as fast as they are acknowledged, each with some events in flight, or at a fixed rate, whether earlier events are
/// acknowledged or not. Latency counts from the moment an event was due. For the loop's thread, unless a member says otherwise.
/// </summary>
internal sealed class EventLoad(EventLoop loop, IReadOnlyList<SyncDevice> devices) : IDisposable
{
    // Finer would make the client a burden to the server; what it adds is in the latency.
    private static readonly TimeSpan FinestPeriod = TimeSpan.FromMicroseconds(250);
    private static readonly double NanosecondsPerTick = 1e9 / Stopwatch.Frequency;
    private LoopTimer? _timer;
    private bool _isClosedLoop;
    private long _interval;
    private long _due;
    private int _next;
    private long _acknowledged;
    private long _recordFrom = long.MaxValue;
    private long _recordTo = long.MaxValue;

    /// <summary>From due to acknowledged, in nanoseconds.</summary>
    public Histogram Latency { get; } = new();

    /// <summary>Acknowledged so far. May be read from any thread.</summary>
    public long Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>How many events each device sends at most, when it sends as fast as it is acknowledged.</summary>
    public long Quota { get; init; } = long.MaxValue;

    /// <summary>Whether the server could not keep up with the rate, so that sending was stopped.</summary>
    public bool HasFallenBehind { get; private set; }

    /// <summary>Begins with so many events in flight on each device.</summary>
    public void StartClosed(int window)
    {
        _isClosedLoop = true;
        foreach (var device in devices)
        {
            device.Load = this;
            device.Send(window, Stopwatch.GetTimestamp());
        }
    }

    /// <summary>Begins to send so many events a second, from the devices in turn.</summary>
    public void StartOpen(double rate)
    {
        foreach (var device in devices)
        {
            device.Load = this;
        }

        _interval = (long)(Stopwatch.Frequency / rate);
        _due = Stopwatch.GetTimestamp();
        var period = TimeSpan.FromTicks((long)Math.Max(TimeSpan.TicksPerSecond / rate, FinestPeriod.Ticks));
        _timer = new LoopTimer(loop, period, SendDue);
    }

    /// <summary>Events due from now on are recorded.</summary>
    public void StartRecording() => _recordFrom = Stopwatch.GetTimestamp();

    /// <summary>Stops sending; what was due before is still recorded.</summary>
    public void Dispose()
    {
        _recordTo = Stopwatch.GetTimestamp();
        _isClosedLoop = false;
        _timer?.Dispose();
    }

    public void Record(long due, long now)
    {
        if (due >= _recordFrom && due < _recordTo)
        {
            Latency.Record((long)((now - due) * NanosecondsPerTick));
        }
    }

    public void OnAcknowledged(SyncDevice device, int count, long now)
    {
        Volatile.Write(ref _acknowledged, _acknowledged + count);
        if (_isClosedLoop)
        {
            device.Send((int)Math.Min(count, Quota - device.Sent), now);
        }
    }

    private void SendDue()
    {
        for (var now = Stopwatch.GetTimestamp(); _due <= now; _due += _interval)
        {
            var device = devices[_next];
            _next = _next + 1 == devices.Count ? 0 : _next + 1;
            if (device.Room == 0)
            {
                HasFallenBehind = true;
                Dispose();
                return;
            }

            device.Send(1, _due);
        }
    }
}
