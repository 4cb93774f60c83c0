namespace PeerSync.Bench.Load.Sockets;

/// <summary>
/// A timer inside a loop's epoll set, exact to some tens of microseconds, where the time-outs of epoll and of .NET's timers are
/// exact to one or more milliseconds. For the loop's thread.
/// </summary>
internal sealed class LoopTimer : IReadyHandler, IDisposable
{
    private readonly EventLoop _loop;
    private readonly Action _tick;
    private int _descriptor = Libc.CreateTimer();

    public LoopTimer(EventLoop loop, TimeSpan interval, Action tick)
    {
        _loop = loop;
        _tick = tick;
        loop.Watch(_descriptor, this, Libc.EpollIn);
        Libc.SetTimer(_descriptor, interval);
    }

    public void OnReady(uint events)
    {
        if (Libc.ReadCounter(_descriptor) > 0)
        {
            _tick();
        }
    }

    public void Dispose()
    {
        if (_descriptor >= 0)
        {
            _loop.Forget(_descriptor);
            Libc.Close(_descriptor);
            _descriptor = -1;
        }
    }
}
