using System.IO.Pipelines;

namespace PeerSync.Host.Sockets;

/// <summary>The byte stream below a WebSocket, after the upgrade.</summary>
internal interface ISocketTransport
{
    /// <summary>Bytes from the client.</summary>
    PipeReader Input { get; }

    /// <summary>Bytes to the client.</summary>
    PipeWriter Output { get; }

    /// <summary>Cuts the connection; pending reads and writes end. Thread-safe.</summary>
    void Abort();
}
