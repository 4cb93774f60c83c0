namespace PeerSync.Bench.Load.Sockets;

/// <summary>The loops of one run, which end together.</summary>
internal sealed class EventLoops(int count) : IDisposable
{
    public IReadOnlyList<EventLoop> All { get; } = Enumerable.Range(0, count).Select(index => new EventLoop(index)).ToArray();

    public void Dispose()
    {
        foreach (var loop in All)
        {
            loop.Dispose();
        }
    }
}
