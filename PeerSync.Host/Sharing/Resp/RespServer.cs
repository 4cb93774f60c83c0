using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using PeerSync.Actors.Sharing;
using PeerSync.Host.Http;
using PeerSync.Host.Sharing.Feed;
using PeerSync.Host.Sockets;
using PeerSync.Kernel;
using PeerSync.Protocol.Sharing;

namespace PeerSync.Host.Sharing.Resp;

/// <summary>Speaks Redis's protocol with whoever connects: no more of it than subscribing to one channel takes.</summary>
internal sealed class RespServer : IDisposable
{
    private const int CommandsPerSecond = 50;

    // A client that is gone without a word is found by the network stack: it says nothing by itself for hours, and neither may we.
    private const int KeepAliveSeconds = 60;
    private const int KeepAliveIntervalSeconds = 15;
    private const int KeepAliveProbes = 4;

    private readonly RespServerOptions _options;
    private readonly AddressLimits _limits;
    private readonly ClientAddresses _addresses;
    private int _open;

    internal RespServer(
        RespServerOptions options,
        RespCredentials credentials,
        AddressLimits limits,
        ClientAddresses addresses,
        FeedConnections connections,
        FeedServices services,
        ActorSystem system)
    {
        _options = options;
        _limits = limits;
        _addresses = addresses;
        Credentials = credentials;
        Connections = connections;
        Services = services;
        System = system;
        TicksPerCommand = (double)services.Time.TimestampFrequency / CommandsPerSecond;
    }

    internal RespCredentials Credentials { get; }

    internal FeedConnections Connections { get; }

    internal FeedServices Services { get; }

    internal ActorSystem System { get; }

    /// <summary>Time stamp units per command of a connection's budget.</summary>
    internal double TicksPerCommand { get; }

    internal TimeSpan HandshakeTimeout => _options.HandshakeTimeout;

    /// <summary>The channel's name.</summary>
    internal ReadOnlyMemory<byte> Channel { get; } = SharingFeedWriter.Channel.ToArray();

    /// <inheritdoc />
    public void Dispose() => _limits.Dispose();

    /// <summary>Lets a connection in, before anything is read from it, and gives its place back at its end.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="next">What speaks with it.</param>
    internal async Task AdmitAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (Connections.IsDraining)
        {
            return;
        }

        var address = _addresses.Hash(connection.RemoteEndPoint, null);
        if (!_limits.TryOpen(address))
        {
            return;
        }

        try
        {
            if (Interlocked.Increment(ref _open) <= _options.MaxConnections)
            {
                KeepAlive(connection.Features.Get<IConnectionSocketFeature>()?.Socket);
                await next(connection);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _open);
            _limits.Close(address);
        }
    }

    /// <summary>Speaks with a client until the connection ends.</summary>
    internal async Task RunAsync(ConnectionContext connection)
    {
        var transport = connection.Transport;
        var feed = Connections.Open(transport.Output, connection.Abort, string.Empty, _options.OutboundBytes, needsSignsOfLife: false);
        feed.OnClosing(transport.Input.CancelPendingRead);
        var isLost = await new RespSession(this, feed, transport.Input).RunAsync();
        await feed.EndAsync(isLost);
        try
        {
            await transport.Input.CompleteAsync();
            await transport.Output.CompleteAsync();
        }
        catch (Exception exception) when (FeedConnection.IsDisconnect(exception))
        {
            // Completing flushes, and there is nobody left to flush to.
        }
    }

    private static void KeepAlive(Socket? socket)
    {
        if (socket is null)
        {
            return;
        }

        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveIntervalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveProbes);
    }
}

/// <summary>The limits of the listener.</summary>
/// <param name="MaxConnections">Connections in all.</param>
/// <param name="OutboundBytes">What may wait for one of them.</param>
/// <param name="HandshakeTimeout">How long one may take to log in.</param>
internal sealed record RespServerOptions(int MaxConnections, long OutboundBytes, TimeSpan HandshakeTimeout);
