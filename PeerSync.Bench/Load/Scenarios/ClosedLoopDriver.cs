using PeerSync.Bench.Load.Sockets;

namespace PeerSync.Bench.Load.Scenarios;

/// <summary>Keeps a fixed number of messages in flight on each lane of one loop: each arrival sends the next one.</summary>
internal sealed class ClosedLoopDriver : ILaneDriver
{
    private bool _isRunning;
    private long _received;

    /// <summary>Messages that have arrived so far. May be read from any thread.</summary>
    public long Received => Volatile.Read(ref _received);

    public void Start(IReadOnlyList<Lane> lanes, int window)
    {
        _isRunning = true;
        foreach (var lane in lanes)
        {
            lane.Driver = this;
            lane.Send(window);
        }
    }

    public void Stop()
    {
        _isRunning = false;
    }

    public void OnReceived(Lane lane, int count)
    {
        Volatile.Write(ref _received, _received + count);
        if (_isRunning)
        {
            lane.Send(count);
        }
    }
}
