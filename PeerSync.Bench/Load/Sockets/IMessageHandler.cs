namespace PeerSync.Bench.Load.Sockets;

/// <summary>Looks at every message of a connection. Runs on the loop's thread.</summary>
internal interface IMessageHandler
{
    /// <summary>A whole message has arrived; its bytes are gone after the call.</summary>
    void OnMessage(ReadOnlySpan<byte> message);

    /// <summary>All messages that came with one receive were handed over: the time to answer them together.</summary>
    void OnReceived();
}
