using System.Buffers;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.SocketIO;

/// <summary>Writes the packets of an Engine.IO server that are not messages.</summary>
public static class EngineWriter
{
    /// <summary>A ping of the heartbeat.</summary>
    public static ReadOnlySpan<byte> Ping => "2"u8;

    /// <summary>The answer to a probe.</summary>
    public static ReadOnlySpan<byte> ProbePong => "3probe"u8;

    /// <summary>What a client probes a transport with.</summary>
    public static ReadOnlySpan<byte> ProbePing => "2probe"u8;

    /// <summary>The end of the session.</summary>
    public static ReadOnlySpan<byte> Close => "1"u8;

    /// <summary>Releases a pending poll.</summary>
    public static ReadOnlySpan<byte> Noop => "6"u8;

    /// <summary>Writes the packet that opens a session.</summary>
    /// <param name="output">Takes the packet.</param>
    /// <param name="id">The session.</param>
    /// <param name="canUpgrade">Whether the client may change to WebSocket.</param>
    /// <param name="pingInterval">The interval of pings, in milliseconds.</param>
    /// <param name="pingTimeout">How long an answer to a ping may take, in milliseconds.</param>
    /// <param name="maxPayload">The largest payload that the server takes, in bytes.</param>
    public static void Open(IBufferWriter<byte> output, EngineSessionId id, bool canUpgrade, long pingInterval, long pingTimeout, long maxPayload)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write("0{\"sid\":\""u8);
        id.Format(output.GetSpan(EngineSessionId.TextLength));
        output.Advance(EngineSessionId.TextLength);
        output.Write(canUpgrade ? "\",\"upgrades\":[\"websocket\"],\"pingInterval\":"u8 : "\",\"upgrades\":[],\"pingInterval\":"u8);
        output.WriteInteger(pingInterval);
        output.Write(",\"pingTimeout\":"u8);
        output.WriteInteger(pingTimeout);
        output.Write(",\"maxPayload\":"u8);
        output.WriteInteger(maxPayload);
        output.Write("}"u8);
    }
}
