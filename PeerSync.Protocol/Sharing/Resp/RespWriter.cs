using System.Buffers;
using System.Text;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.Sharing.Resp;

/// <summary>Writes answers in RESP2.</summary>
/// <remarks>Pure functions, safe on any thread.</remarks>
public static class RespWriter
{
    private const byte Replacement = (byte)'?';

    /// <summary>A word of the server's own, such as <c>OK</c>.</summary>
    public static void SimpleString(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        output.Write("+"u8);
        output.Write(text);
        output.Write("\r\n"u8);
    }

    /// <summary>An error: a code in capitals, a space, a sentence. What does not fit on a line is replaced.</summary>
    public static void Error(IBufferWriter<byte> output, string text)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(text);
        output.Write("-"u8);
        var span = output.GetSpan(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            span[i] = text[i] is >= ' ' and <= '~' ? (byte)text[i] : Replacement;
        }

        output.Advance(text.Length);
        output.Write("\r\n"u8);
    }

    /// <summary>An integer.</summary>
    public static void Number(IBufferWriter<byte> output, long value) => Header(output, ":"u8, value);

    /// <summary>Begins an array of so many values.</summary>
    public static void Array(IBufferWriter<byte> output, int count) => Header(output, "*"u8, count);

    /// <summary>A bulk string.</summary>
    public static void Bulk(IBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        Header(output, "$"u8, bytes.Length);
        output.Write(bytes);
        output.Write("\r\n"u8);
    }

    /// <summary>A bulk string of the client's own bytes.</summary>
    public static void Bulk(IBufferWriter<byte> output, in ReadOnlySequence<byte> bytes)
    {
        Header(output, "$"u8, bytes.Length);
        foreach (var segment in bytes)
        {
            output.Write(segment.Span);
        }

        output.Write("\r\n"u8);
    }

    /// <summary>A bulk string of text.</summary>
    public static void Bulk(IBufferWriter<byte> output, string text)
    {
        Header(output, "$"u8, Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, output);
        output.Write("\r\n"u8);
    }

    /// <summary>The bulk string that is none.</summary>
    public static void Null(IBufferWriter<byte> output) => output.Write("$-1\r\n"u8);

    /// <summary>What a subscriber is told: an array of <c>message</c>, the channel and the message.</summary>
    public static void Message(IBufferWriter<byte> output, ReadOnlySpan<byte> channel, ReadOnlySpan<byte> message)
    {
        output.Write("*3\r\n$7\r\nmessage\r\n"u8);
        Bulk(output, channel);
        Bulk(output, message);
    }

    /// <summary>The answer to subscribing or unsubscribing: an array of the command, the channel and how many channels are subscribed to.</summary>
    /// <param name="output">Takes the answer.</param>
    /// <param name="command">The command's name in lower case.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="count">How many channels are subscribed to now.</param>
    public static void Subscription(IBufferWriter<byte> output, ReadOnlySpan<byte> command, in ReadOnlySequence<byte> channel, int count)
    {
        Array(output, 3);
        Bulk(output, command);
        Bulk(output, channel);
        Number(output, count);
    }

    private static void Header(IBufferWriter<byte> output, ReadOnlySpan<byte> type, long value)
    {
        output.Write(type);
        output.WriteInteger(value);
        output.Write("\r\n"u8);
    }
}
