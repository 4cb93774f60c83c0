using System.Buffers;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.Sync;

public static partial class SyncWriter
{
    private const int NotThere = int.MaxValue;

    // The values and names that are added: a user id, two integers, two names and punctuation.
    private const int MaxAdded = 192;

    private static ReadOnlySpan<byte> EventStart => """{"type":"event","payload":"""u8;

    /// <summary>
    /// Writes an event as it is stored, relayed and replayed, which is an object and no message: the sender's members in the sender's order, unknown ones
    /// included, with the server's <c>stream_seq</c> in place, the user filled in, and <c>created_at</c> at the end.
    /// </summary>
    /// <param name="output">Takes the object.</param>
    /// <param name="splice">Where the server's values go in this very object.</param>
    /// <param name="rawObject">The sender's object.</param>
    /// <param name="userId">The session's user: 64 hex digits in lower case.</param>
    /// <param name="streamSeq">The number in the stream.</param>
    /// <param name="createdAt">The server's time.</param>
    public static void Stored(
        IBufferWriter<byte> output, in SyncEventSplice splice, ReadOnlySpan<byte> rawObject, string userId, long streamSeq, long createdAt)
    {
        // Reserved at once, as an output that grows by halves would copy a large event several times.
        _ = output.GetSpan(rawObject.Length + MaxAdded);
        var streamSeqAt = splice.StreamSeqStart < 0 ? NotThere : splice.StreamSeqStart;
        var userIdAt = splice.UserIdStart < 0 ? NotThere : splice.UserIdStart;
        var omittedAt = splice.OmittedStart < 0 ? NotThere : splice.OmittedStart;
        var position = 0;
        while (true)
        {
            var next = Math.Min(Math.Min(streamSeqAt, userIdAt), Math.Min(omittedAt, splice.End));
            output.Write(rawObject[position..next]);
            if (next == splice.End)
            {
                break;
            }

            if (next == streamSeqAt)
            {
                output.WriteInteger(streamSeq);
                position = splice.StreamSeqEnd;
                streamSeqAt = NotThere;
            }
            else if (next == userIdAt)
            {
                output.WriteString(userId);
                position = splice.UserIdEnd;
                userIdAt = NotThere;
            }
            else
            {
                position = splice.OmittedEnd;
                omittedAt = NotThere;
            }
        }

        if (splice.StreamSeqStart < 0)
        {
            output.Write(",\"stream_seq\":"u8);
            output.WriteInteger(streamSeq);
        }

        output.Write(",\"created_at\":"u8);
        output.WriteInteger(createdAt);
        output.Write("}"u8);
    }

    /// <summary>Writes <c>event</c>.</summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="stored">What <see cref="Stored"/> wrote.</param>
    public static void Event(IBufferWriter<byte> output, ReadOnlySpan<byte> stored)
    {
        output.Write(EventStart);
        output.Write(stored);
        output.Write("}"u8);
    }

    /// <summary>Writes <c>event</c> straight from what the sender sent.</summary>
    /// <param name="output">Takes the message; empty before.</param>
    /// <param name="splice">Where the server's values go in this very object.</param>
    /// <param name="rawObject">The sender's object.</param>
    /// <param name="userId">The session's user: 64 hex digits in lower case.</param>
    /// <param name="streamSeq">The number in the stream.</param>
    /// <param name="createdAt">The server's time.</param>
    /// <returns>Where in the output the object lies that <see cref="Stored"/> would have written.</returns>
    public static Range Event(
        MessageBuffer output, in SyncEventSplice splice, ReadOnlySpan<byte> rawObject, string userId, long streamSeq, long createdAt)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write(EventStart);
        var start = output.Length;
        Stored(output, splice, rawObject, userId, streamSeq, createdAt);
        var end = output.Length;
        output.Write("}"u8);
        return start..end;
    }

    /// <summary>Writes <c>ack</c>.</summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="deviceSeq">The device's number of the event.</param>
    public static void Ack(IBufferWriter<byte> output, long deviceSeq)
    {
        output.Write("""{"type":"ack","payload":{"device_seq":"""u8);
        output.WriteInteger(deviceSeq);
        output.Write("}}"u8);
    }

    /// <summary>Begins <c>replay_response</c>: to be followed by <see cref="ReplayEvent"/> for each event and by <see cref="EndReplayResponse"/>.</summary>
    /// <param name="output">Takes the message.</param>
    public static void BeginReplayResponse(IBufferWriter<byte> output) =>
        output.Write("""{"type":"replay_response","payload":{"type":"replay_response","events":["""u8);

    /// <summary>Writes one event of a <c>replay_response</c>.</summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="stored">What <see cref="Stored"/> wrote.</param>
    /// <param name="isFirst">Whether no event of this response came before.</param>
    public static void ReplayEvent(IBufferWriter<byte> output, ReadOnlySpan<byte> stored, bool isFirst)
    {
        if (!isFirst)
        {
            output.Write(","u8);
        }

        output.Write(stored);
    }

    /// <summary>Ends a <c>replay_response</c>.</summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="hasMore">Whether there are events after these.</param>
    /// <param name="pageSize">How many events the response holds.</param>
    /// <param name="continuationToken">What the client is to ask for the next page with; must be given when there is more, as clients stop without.</param>
    /// <param name="totalEvents">How many events wait in all, or null; clients know it from the first page only.</param>
    public static void EndReplayResponse(
        IBufferWriter<byte> output, bool hasMore, int pageSize, string? continuationToken, long? totalEvents)
    {
        output.Write(hasMore ? "],\"has_more\":true,\"page_size\":"u8 : "],\"has_more\":false,\"page_size\":"u8);
        output.WriteInteger(pageSize);
        if (continuationToken is not null)
        {
            output.Write(",\"continuation_token\":"u8);
            output.WriteString(continuationToken);
        }

        if (totalEvents is { } total)
        {
            output.Write(",\"total_events\":"u8);
            output.WriteInteger(total);
        }

        output.Write("}}"u8);
    }

    /// <summary>Writes <c>replay_failed</c>, to a device that asks for a replay while one runs.</summary>
    /// <param name="output">Takes the message.</param>
    public static void ReplayFailed(IBufferWriter<byte> output)
    {
        output.Write("""{"type":"replay_failed","payload":{"error":"""u8);
        output.WriteString(ConcurrentReplay);
        output.Write("}}"u8);
    }

    /// <summary>Writes <c>activity:event</c>, which follows the relayed event of a file.</summary>
    /// <param name="output">Takes the message.</param>
    /// <param name="eventId">The event.</param>
    /// <param name="deviceId">The device it came from.</param>
    /// <param name="eventType">The event's type: <c>file:metadata</c>.</param>
    /// <param name="createdAt">When the server took it in.</param>
    /// <param name="payloadSize">The bytes that its payload stands for.</param>
    public static void ActivityEvent(
        IBufferWriter<byte> output, Guid eventId, DeviceId deviceId, string eventType, long createdAt, int payloadSize)
    {
        output.Write("""{"type":"activity:event","payload":{"event_id":"""u8);
        WriteUuid(output, eventId);
        output.Write(",\"device_id\":"u8);
        WriteUuid(output, deviceId.Value);
        output.Write(",\"type\":"u8);
        output.WriteString(eventType);
        output.Write(",\"created_at\":"u8);
        output.WriteInteger(createdAt);
        output.Write(",\"payload_size\":"u8);
        output.WriteInteger(payloadSize);
        output.Write("}}"u8);
    }
}
