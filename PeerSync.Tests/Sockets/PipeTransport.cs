using System.IO.Pipelines;
using PeerSync.Host.Sockets;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sockets;

/// <summary>A connection without a network: what the client does not read stays in a small pipe, so that a stall is exact.</summary>
internal sealed class PipeTransport : ISocketTransport
{
    private readonly Pipe _toServer = new(new PipeOptions(useSynchronizationContext: false));
    private readonly Pipe _toClient = new(new PipeOptions(pauseWriterThreshold: 32 * 1024, resumeWriterThreshold: 16 * 1024, useSynchronizationContext: false));

    internal PipeTransport()
    {
        Client = new RawSocket(new ClientStream(_toClient.Reader.AsStream(), _toServer.Writer.AsStream()), Abort);
    }

    internal RawSocket Client { get; }

    public PipeReader Input => _toServer.Reader;

    public PipeWriter Output => _toClient.Writer;

    /// <summary>Ends both directions, as a reset does, whichever side asks for it.</summary>
    public void Abort()
    {
        var reason = new IOException("The connection was reset.");
        _toServer.Writer.Complete(reason);
        _toClient.Reader.CancelPendingRead();
        _toClient.Reader.Complete();
    }
}
