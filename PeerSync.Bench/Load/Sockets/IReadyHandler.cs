namespace PeerSync.Bench.Load.Sockets;

/// <summary>What owns a descriptor that an <see cref="EventLoop"/> watches.</summary>
internal interface IReadyHandler
{
    /// <summary>The descriptor is readable or writable, or has failed. Runs on the loop's thread.</summary>
    void OnReady(uint events);
}
