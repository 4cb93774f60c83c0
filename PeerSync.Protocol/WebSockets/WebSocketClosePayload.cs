using System.Buffers.Binary;
using System.Text.Unicode;

namespace PeerSync.Protocol.WebSockets;

/// <summary>The payload of a close frame: nothing, or a code and a reason (RFC 6455, section 5.5.1).</summary>
public static class WebSocketClosePayload
{
    /// <summary>Reads the code of a close frame.</summary>
    /// <param name="payload">The unmasked payload.</param>
    /// <param name="code">The code; <see cref="WebSocketCloseCode.NoStatusReceived"/> for an empty payload, 0 for an invalid one.</param>
    /// <returns>False when the payload is one byte long, has a code that must not stand on the wire, or a reason that is not valid UTF-8.</returns>
    public static bool TryRead(ReadOnlySpan<byte> payload, out int code)
    {
        if (payload.IsEmpty)
        {
            code = WebSocketCloseCode.NoStatusReceived;
            return true;
        }

        code = payload.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(payload) : 0;
        if (WebSocketCloseCode.IsValidOnWire(code) && Utf8.IsValid(payload[2..]))
        {
            return true;
        }

        code = 0;
        return false;
    }
}
