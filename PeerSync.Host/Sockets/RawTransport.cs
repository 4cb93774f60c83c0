using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace PeerSync.Host.Sockets;

/// <summary>The connection's own pipes, where the upgrade was its first request.</summary>
internal sealed class RawTransport(ConnectionContext connection) : ISocketTransport
{
    /// <inheritdoc />
    public PipeReader Input => connection.Transport.Input;

    /// <inheritdoc />
    public PipeWriter Output => connection.Transport.Output;

    /// <inheritdoc />
    public void Abort() => connection.Abort();
}
