using System.Buffers;
using System.Text;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.Sharing;

/// <summary>Writes the messages of the feed: JSON objects with the members <c>event</c>, <c>payload</c> and, where it can be resumed from, <c>id</c>.</summary>
/// <remarks>Pure functions, safe on any thread.</remarks>
public static class SharingFeedWriter
{
    /// <summary>The channel that clients of Redis's protocol subscribe to.</summary>
    public const string ChannelName = "osmynt-recent-snippets";

    /// <summary><see cref="ChannelName"/> in bytes.</summary>
    public static ReadOnlySpan<byte> Channel => "osmynt-recent-snippets"u8;

    /// <summary>An event.</summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="name">The event's name.</param>
    /// <param name="payload">The text of a JSON object; written as it is.</param>
    /// <param name="id">Its number; null leaves it out.</param>
    public static void Event(IBufferWriter<byte> output, string name, string payload, long? id)
    {
        ArgumentNullException.ThrowIfNull(output);
        Begin(output, name);
        Encoding.UTF8.GetBytes(payload, output);
        if (id is { } number)
        {
            output.Write(",\"id\":"u8);
            output.WriteInteger(number);
        }

        output.Write("}"u8);
    }

    /// <summary><c>feed:ready</c> or <c>feed:reset</c>.</summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="name">Which of the two.</param>
    /// <param name="cursor">The number of the last event that the client has or need not have any more.</param>
    public static void Cursor(IBufferWriter<byte> output, string name, long cursor)
    {
        ArgumentNullException.ThrowIfNull(output);
        Begin(output, name);
        output.Write("{\"cursor\":"u8);
        output.WriteInteger(cursor);
        output.Write("}}"u8);
    }

    /// <summary><c>presence:snapshot</c></summary>
    public static void Snapshot(IBufferWriter<byte> output, IEnumerable<string> online)
    {
        ArgumentNullException.ThrowIfNull(output);
        Begin(output, SharingEventNames.PresenceSnapshot);
        OnlineUsers(output, online);
        output.Write("}"u8);
    }

    /// <summary>An object that lists who is there.</summary>
    public static void OnlineUsers(IBufferWriter<byte> output, IEnumerable<string> online)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(online);
        output.Write("{\"online\":["u8);
        var isFirst = true;
        foreach (var userId in online)
        {
            if (!isFirst)
            {
                output.Write(","u8);
            }

            isFirst = false;
            output.WriteString(userId);
        }

        output.Write("]}"u8);
    }

    /// <summary><c>feed:closed</c></summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="code">What a WebSocket's close frame would say.</param>
    /// <param name="reason">And its reason.</param>
    public static void Closed(IBufferWriter<byte> output, int code, string reason)
    {
        ArgumentNullException.ThrowIfNull(output);
        Begin(output, SharingEventNames.FeedClosed);
        output.Write("{\"code\":"u8);
        output.WriteInteger(code);
        output.Write(",\"reason\":"u8);
        output.WriteString(reason);
        output.Write("}}"u8);
    }

    /// <summary>The document that tells how the feed can be reached.</summary>
    /// <param name="output">Takes the document.</param>
    /// <param name="respPort">The port of Redis's protocol; null where it is not spoken.</param>
    /// <param name="respUsesTls">Whether TLS is spoken on it.</param>
    /// <param name="path">The path of the WebSocket and of the server-sent events.</param>
    public static void Discovery(IBufferWriter<byte> output, int? respPort, bool respUsesTls, string path)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write("{"u8);
        if (respPort is { } port)
        {
            output.Write("\"resp\":{\"port\":"u8);
            output.WriteInteger(port);
            output.Write(respUsesTls ? ",\"tls\":true,\"channel\":"u8 : ",\"tls\":false,\"channel\":"u8);
            output.WriteString(ChannelName);
            output.Write("},"u8);
        }

        output.Write("\"websocket\":"u8);
        output.WriteString(path);
        output.Write(",\"sse\":"u8);
        output.WriteString(path);
        output.Write("}"u8);
    }

    /// <summary>A message without anything to say but its name.</summary>
    public static void Empty(IBufferWriter<byte> output, string name)
    {
        ArgumentNullException.ThrowIfNull(output);
        Begin(output, name);
        output.Write("{}}"u8);
    }

    /// <summary>Wraps a message as a server-sent event.</summary>
    /// <param name="output">Takes the event.</param>
    /// <param name="message">A message without line ends.</param>
    /// <param name="id">What the client names when it comes back; null where that does not change.</param>
    public static void ServerSentEvent(IBufferWriter<byte> output, ReadOnlySpan<byte> message, long? id)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (id is { } number)
        {
            output.Write("id: "u8);
            output.WriteInteger(number);
            output.Write("\n"u8);
        }

        output.Write("data: "u8);
        output.Write(message);
        output.Write("\n\n"u8);
    }

    private static void Begin(IBufferWriter<byte> output, string name)
    {
        output.Write("{\"event\":"u8);
        output.WriteString(name);
        output.Write(",\"payload\":"u8);
    }
}
