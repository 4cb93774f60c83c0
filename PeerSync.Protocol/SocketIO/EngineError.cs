using System.Buffers;
using System.Buffers.Text;

namespace PeerSync.Protocol.SocketIO;

/// <summary>The texts of <see cref="EngineErrorCode"/>.</summary>
public static class EngineError
{
    /// <summary>The message that goes with a code.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The code is not one of the six.</exception>
    public static ReadOnlySpan<byte> Message(EngineErrorCode code) => code switch
    {
        EngineErrorCode.TransportUnknown => "Transport unknown"u8,
        EngineErrorCode.SessionUnknown => "Session ID unknown"u8,
        EngineErrorCode.BadHandshakeMethod => "Bad handshake method"u8,
        EngineErrorCode.BadRequest => "Bad request"u8,
        EngineErrorCode.Forbidden => "Forbidden"u8,
        EngineErrorCode.UnsupportedVersion => "Unsupported protocol version"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "No such error."),
    };

    /// <summary>Writes the JSON body of a refusal.</summary>
    public static void Write(IBufferWriter<byte> output, EngineErrorCode code)
    {
        ArgumentNullException.ThrowIfNull(output);
        var message = Message(code);
        output.Write("{\"code\":"u8);
        var digits = output.GetSpan(1);
        _ = Utf8Formatter.TryFormat((int)code, digits, out var written);
        output.Advance(written);
        output.Write(",\"message\":\""u8);
        output.Write(message);
        output.Write("\"}"u8);
    }
}
