using System.Buffers;
using System.Text.Json;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.Rooms;

/// <summary>Writes what members tell each other besides signals: chat and code, operations, cursors, presence. What is not the server's passes as sent.</summary>
/// <remarks>Pure functions, safe on any thread.</remarks>
public static class RoomsRelay
{
    /// <summary>Whether receivers of the sender's form know this kind of frame. Those of other forms never get it.</summary>
    public static bool Knows(RoomsForm form, RoomsFrameType type) => form switch
    {
        RoomsForm.Lean => type is RoomsFrameType.Chat or RoomsFrameType.Sync,
        RoomsForm.SyncService => type is RoomsFrameType.Presence,
        RoomsForm.Workbench => type is RoomsFrameType.Cursor,
        RoomsForm.Readme => type is RoomsFrameType.Presence or RoomsFrameType.Cursor or RoomsFrameType.Operation,
        _ => false,
    };

    /// <summary>Whether the sender gets its own frame back: form A's clients show chat and code only then.</summary>
    public static bool Echoes(RoomsForm form) => form == RoomsForm.Lean;

    /// <summary>Writes a frame as sent, with the identity and the room that the server knows.</summary>
    /// <param name="output">Takes the frame.</param>
    /// <param name="form">The sender's form.</param>
    /// <param name="frame">The frame as sent, of a kind that <see cref="Knows"/>.</param>
    /// <param name="roomId">The sender's room.</param>
    /// <param name="userId">The sender.</param>
    public static void Write(IBufferWriter<byte> output, RoomsForm form, scoped in RoomsFrame frame, string roomId, string userId)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (form == RoomsForm.SyncService)
        {
            output.Write("{\"type\":\"presence\",\"data\":"u8);
            WriteBound(output, frame.Data.IsObject ? frame.Data.Text : "{}"u8, "userId"u8, userId, roomId: null, version: null);
            output.Write("}"u8);
            return;
        }

        WriteBound(output, frame.Text, form == RoomsForm.Lean ? "from"u8 : "userId"u8, userId, roomId, version: null);
    }

    /// <summary>Writes an operation with the version that the room has given it: for the others.</summary>
    /// <param name="output">Takes the frame.</param>
    /// <param name="form">C or D: the sender's and the receivers' form.</param>
    /// <param name="sent">The frame as sent.</param>
    /// <param name="roomId">The sender's room.</param>
    /// <param name="userId">The sender.</param>
    /// <param name="version">From 1, one more with each operation of the room.</param>
    public static void WriteOperation(IBufferWriter<byte> output, RoomsForm form, ReadOnlySpan<byte> sent, string roomId, string userId, long version)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (form == RoomsForm.SyncService)
        {
            WriteSyncServiceOperation(output, "operation"u8, sent, userId, version);
        }
        else
        {
            WriteBound(output, sent, "userId"u8, userId, roomId, version);
        }
    }

    /// <summary>Writes the answer to the sender of an operation.</summary>
    public static void WriteAcknowledgement(IBufferWriter<byte> output, RoomsForm form, ReadOnlySpan<byte> sent, string userId, long version)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (form == RoomsForm.SyncService)
        {
            WriteSyncServiceOperation(output, "ack"u8, sent, userId, version);
        }
        else
        {
            _ = TryReadOperation(sent, out var operationId, out _);
            RoomsWriter.OperationAcknowledged(output, operationId, version);
        }
    }

    /// <summary>Writes an operation that came over HTTP, as form D receives it.</summary>
    public static void WriteOperation(
        IBufferWriter<byte> output, string roomId, string operationId, string userId, string userName, string data, long version, long now)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write("{\"type\":\"operation\",\"roomId\":"u8);
        output.WriteString(roomId);
        output.Write(",\"operationId\":"u8);
        output.WriteString(operationId);
        output.Write(",\"userId\":"u8);
        output.WriteString(userId);
        output.Write(",\"userName\":"u8);
        output.WriteString(userName);
        output.Write(",\"data\":"u8);
        output.WriteString(data);
        output.Write(",\"version\":"u8);
        output.WriteInteger(version);
        RoomsWriter.EndStamped(output, now);
    }

    /// <summary>Reads what an operation of form D is called and says.</summary>
    /// <param name="sent">The frame as sent.</param>
    /// <param name="operationId">Its own name; empty without one.</param>
    /// <param name="data">What it does, as its author encoded it; empty without.</param>
    /// <returns>Whether it has both.</returns>
    public static bool TryReadOperation(ReadOnlySpan<byte> sent, out string operationId, out string data)
    {
        operationId = data = string.Empty;
        var reader = new Utf8JsonReader(sent, JsonSyntax.Options);
        reader.Read();
        while (JsonMember.TryRead(ref reader, sent, out var member))
        {
            if (member.Name.Is("operationId"u8))
            {
                operationId = member.Value.GetText() ?? string.Empty;
            }
            else if (member.Name.Is("data"u8))
            {
                data = member.Value.GetText() ?? string.Empty;
            }
        }

        return operationId.Length > 0 && data.Length > 0;
    }

    private static void WriteSyncServiceOperation(IBufferWriter<byte> output, ReadOnlySpan<byte> type, ReadOnlySpan<byte> sent, string userId, long version)
    {
        _ = RoomsReader.Read(sent, out var frame);
        output.Write("{\"type\":\""u8);
        output.Write(type);
        output.Write("\",\"data\":"u8);
        WriteBound(output, frame.Data.IsObject ? frame.Data.Text : "{}"u8, "userId"u8, userId, roomId: null, version);
        output.Write("}"u8);
    }

    // The members in their order, those that the server owns with its own values, wherever a client puts or omits them.
    private static void WriteBound(
        IBufferWriter<byte> output, ReadOnlySpan<byte> json, ReadOnlySpan<byte> identity, string userId, string? roomId, long? version)
    {
        output.Write("{\""u8);
        output.Write(identity);
        output.Write("\":"u8);
        output.WriteString(userId);
        if (roomId is not null)
        {
            output.Write(",\"roomId\":"u8);
            output.WriteString(roomId);
        }

        if (version is { } number)
        {
            output.Write(",\"version\":"u8);
            output.WriteInteger(number);
        }

        var reader = new Utf8JsonReader(json, JsonSyntax.Options);
        reader.Read();
        while (JsonMember.TryRead(ref reader, json, out var member))
        {
            var isOwned = member.Name.Is(identity) || (roomId is not null && member.Name.Is("roomId"u8)) || (version is not null && member.Name.Is("version"u8));
            if (!isOwned)
            {
                output.Write(","u8);
                output.Write(member.Text);
            }
        }

        output.Write("}"u8);
    }
}
