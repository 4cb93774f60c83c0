using System.IO.Pipelines;

namespace PeerSync.Host.Sockets;

/// <summary>The stream that the HTTP server hands over for an upgrade that came later in a connection's life, or in several packets.</summary>
internal sealed class StreamTransport(HttpContext context, Stream stream) : ISocketTransport
{
    /// <inheritdoc />
    public PipeReader Input { get; } = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true, useZeroByteReads: true));

    /// <inheritdoc />
    public PipeWriter Output { get; } = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));

    /// <inheritdoc />
    public void Abort() => context.Abort();
}
