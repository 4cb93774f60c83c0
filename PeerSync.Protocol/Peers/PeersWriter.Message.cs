using System.Buffers;
using System.Text.Json;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.Peers;

public static partial class PeersWriter
{
    /// <summary>A string as JSON in UTF-8, in its quotes, for <see cref="MessageReceived"/>. Made once per user or session, not per message.</summary>
    public static byte[] EncodeString(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var output = new ArrayBufferWriter<byte>(value.Length + 2);
        output.WriteString(value);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Writes MESSAGE_RECEIVED: the sender's data as sent, between what the server vouches for.</summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="message">A message with a session id. Its bytes must still be there.</param>
    /// <param name="sessionIdJson">The session's id, from <see cref="EncodeString"/> or <see cref="SendMessageView.SessionIdJson"/>.</param>
    /// <param name="fromJson">The sender's user id, from <see cref="EncodeString"/>.</param>
    /// <param name="timestamp">When the server received the message; written in UTC with milliseconds.</param>
    /// <remarks>
    /// The sender's members go out byte for byte and in their order, the unknown and the repeated ones too, except those that are called
    /// <c>sessionId</c>, <c>from</c> or <c>timestamp</c> however their name is escaped: these three are the server's.
    /// </remarks>
    public static void MessageReceived(
        IBufferWriter<byte> output,
        in SendMessageView message,
        ReadOnlySpan<byte> sessionIdJson,
        ReadOnlySpan<byte> fromJson,
        DateTimeOffset timestamp)
    {
        ArgumentNullException.ThrowIfNull(output);
        var start = """{"event":"MESSAGE_RECEIVED","data":{"sessionId":"""u8;
        var from = ",\"from\":"u8;
        var stamp = ",\"timestamp\":\""u8;
        var end = "\"}}"u8;

        // The members that are relayed take at most the data's length: the braces make room for one more comma.
        var envelope = start.Length + sessionIdJson.Length + from.Length + fromJson.Length + stamp.Length + JsonTimestamp.Length + end.Length;
        var destination = output.GetSpan(envelope + message.Data.Length);
        var length = 0;
        Append(destination, ref length, start);
        Append(destination, ref length, sessionIdJson);
        Append(destination, ref length, from);
        Append(destination, ref length, fromJson);
        if (message.Outline.OwnedMembers == 1 && message.Outline.SessionIdType != JsonTokenType.None)
        {
            AppendAround(destination, ref length, message);
        }
        else
        {
            AppendOneByOne(destination, ref length, message.Data);
        }

        Append(destination, ref length, stamp);
        JsonTimestamp.Write(timestamp, destination[length..]);
        length += JsonTimestamp.Length;
        Append(destination, ref length, end);
        output.Advance(length);
    }

    // The usual case: everything but one member is relayed, so two copies do.
    private static void AppendAround(Span<byte> destination, ref int length, in SendMessageView message)
    {
        var whiteSpace = "\t\n\r "u8;
        var before = message.Data[1..message.Outline.SessionIdMember].Trim(whiteSpace);
        var after = message.Data[message.Outline.SessionIdEnd..^1].Trim(whiteSpace);

        // What stands before ends in the comma that separates it from the session id, and what stands behind begins with one.
        if (!before.IsEmpty)
        {
            Append(destination, ref length, ","u8);
            Append(destination, ref length, before[..^1].TrimEnd(whiteSpace));
        }

        Append(destination, ref length, after);
    }

    private static void AppendOneByOne(Span<byte> destination, ref int length, ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty || data[0] != (byte)'{')
        {
            return;
        }

        var reader = new Utf8JsonReader(data, JsonSyntax.Options);
        reader.Read();
        while (JsonMember.TryRead(ref reader, data, out var member))
        {
            if (!PeersReader.IsOwned(member.Name))
            {
                Append(destination, ref length, ","u8);
                Append(destination, ref length, member.Text);
            }
        }
    }

    private static void Append(Span<byte> destination, ref int length, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(destination[length..]);
        length += bytes.Length;
    }
}
