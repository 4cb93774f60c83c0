using System.Buffers;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.SocketIO;

/// <summary>Writes the packets of a Socket.IO server, each with the type of the Engine.IO message around it.</summary>
/// <remarks>
/// Names and arguments are JSON text, written as it is: raw slices of what another client sent, or what the caller has serialised. A namespace begins
/// with a slash and contains no comma; the main one is <c>/</c>.
/// </remarks>
public static class SocketIOWriter
{
    /// <summary>The name of the main namespace.</summary>
    public const string MainNamespace = "/";

    /// <summary>Tells a client that it has joined.</summary>
    /// <param name="output">Takes the packet.</param>
    /// <param name="ns">The namespace.</param>
    /// <param name="socketId">The id that the client's socket gets; plain ASCII.</param>
    public static void Connect(IBufferWriter<byte> output, string ns, string socketId)
    {
        WriteHead(output, "40"u8, ns);
        output.Write("{\"sid\":"u8);
        output.WriteString(socketId);
        output.Write("}"u8);
    }

    /// <summary>Tells a client that it has not joined.</summary>
    /// <param name="output">Takes the packet.</param>
    /// <param name="ns">The namespace.</param>
    /// <param name="message">What the client's error says.</param>
    /// <param name="data">JSON for the error's <c>data</c>; empty for none.</param>
    public static void ConnectError(IBufferWriter<byte> output, string ns, string message, ReadOnlySpan<byte> data = default)
    {
        WriteHead(output, "44"u8, ns);
        output.Write("{\"message\":"u8);
        output.WriteString(message);
        if (!data.IsEmpty)
        {
            output.Write(",\"data\":"u8);
            output.Write(data);
        }

        output.Write("}"u8);
    }

    /// <summary>Ends a client's part in a namespace.</summary>
    public static void Disconnect(IBufferWriter<byte> output, string ns) => WriteHead(output, "41"u8, ns);

    /// <summary>Writes a whole event.</summary>
    /// <param name="output">Takes the packet.</param>
    /// <param name="ns">The namespace.</param>
    /// <param name="name">The name as JSON: a string in its quotes, or a number.</param>
    /// <param name="arguments">The arguments as JSON with commas between them; empty for none.</param>
    /// <param name="ackId">The id under which an answer is awaited; null for none.</param>
    /// <param name="attachments">How many binary attachments follow the packet.</param>
    public static void Event(IBufferWriter<byte> output, string ns, ReadOnlySpan<byte> name, ReadOnlySpan<byte> arguments, long? ackId = null, int attachments = 0)
    {
        BeginEvent(output, ns, name, ackId, attachments);
        if (!arguments.IsEmpty)
        {
            output.Write(","u8);
            output.Write(arguments);
        }

        End(output);
    }

    /// <summary>Writes an event up to and including its name. The caller adds arguments, each with a comma before it, and calls <see cref="End"/>.</summary>
    /// <inheritdoc cref="Event" path="/param"/>
    public static void BeginEvent(IBufferWriter<byte> output, string ns, ReadOnlySpan<byte> name, long? ackId = null, int attachments = 0)
    {
        WriteHead(output, "42"u8, "45"u8, ns, ackId, attachments);
        output.Write("["u8);
        output.Write(name);
    }

    /// <summary>Writes a whole answer.</summary>
    /// <param name="output">Takes the packet.</param>
    /// <param name="ns">The namespace.</param>
    /// <param name="ackId">The id that the event had.</param>
    /// <param name="arguments">The arguments as JSON with commas between them; empty for none.</param>
    /// <param name="attachments">How many binary attachments follow the packet.</param>
    public static void Ack(IBufferWriter<byte> output, string ns, long ackId, ReadOnlySpan<byte> arguments, int attachments = 0)
    {
        WriteHead(output, "43"u8, "46"u8, ns, ackId, attachments);
        output.Write("["u8);
        output.Write(arguments);
        End(output);
    }

    /// <summary>Ends what <see cref="BeginEvent"/> began.</summary>
    public static void End(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write("]"u8);
    }

    private static void WriteHead(IBufferWriter<byte> output, ReadOnlySpan<byte> text, ReadOnlySpan<byte> binary, string ns, long? ackId, int attachments)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (attachments > 0)
        {
            output.Write(binary);
            output.WriteInteger(attachments);
            text = "-"u8;
        }

        WriteHead(output, text, ns);
        if (ackId is { } id)
        {
            output.WriteInteger(id);
        }
    }

    private static void WriteHead(IBufferWriter<byte> output, ReadOnlySpan<byte> type, string ns)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentException.ThrowIfNullOrEmpty(ns);
        output.Write(type);
        if (ns == MainNamespace)
        {
            return;
        }

        var span = output.GetSpan(System.Text.Encoding.UTF8.GetMaxByteCount(ns.Length));
        output.Advance(System.Text.Encoding.UTF8.GetBytes(ns, span));
        output.Write(","u8);
    }
}
