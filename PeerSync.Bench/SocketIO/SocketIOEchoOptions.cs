#pragma warning disable IDE0005 // The tests compile this file too, and lack the global usings that the web SDK brings here.
using Microsoft.Extensions.Logging;
using PeerSync.Host.SocketIO;
using PeerSync.Host.Sockets;
#pragma warning restore IDE0005

namespace PeerSync.Bench.SocketIO;

/// <summary>How the echo server is set up.</summary>
internal sealed record SocketIOEchoOptions
{
    /// <summary>The port; 0 takes any free one.</summary>
    public int Port { get; init; }

    /// <summary>The parameters of both paths.</summary>
    public EngineOptions Engine { get; init; } = new() { MessagesPerSecond = 0 };

    /// <summary>The parameters of the namespaces.</summary>
    public SocketIOOptions SocketIO { get; init; } = new();

    /// <summary>The limits of WebSockets.</summary>
    public SocketOptions Sockets { get; init; } = new() { MessagesPerSecond = 0 };

    /// <summary>The namespaces; the echo on the main one and on <c>/custom</c> by default.</summary>
    public IReadOnlyDictionary<string, ISocketIOApplication> Namespaces { get; init; } =
        new Dictionary<string, ISocketIOApplication> { ["/"] = new SocketIOEcho(), ["/custom"] = new SocketIOEcho() };

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where the log goes; nowhere by default.</summary>
    public Action<ILoggingBuilder> Logging { get; init; } = static _ => { };

    /// <summary>The meter's name; tests run several servers in one process.</summary>
    public string MeterName { get; init; } = "PeerSync";
}
