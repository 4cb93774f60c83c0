using System.Text.Json;

namespace PeerSync.Protocol.SocketIO;

/// <summary>Reads the packets of Socket.IO clients (docs/spec/socketio.md, section 3).</summary>
/// <remarks>Pure functions over the bytes given, safe on any thread. Nothing a client sends makes them throw.</remarks>
public static class SocketIOReader
{
    private const long MaxSafeInteger = (1L << 53) - 1;
    private const int MaxAttachmentDigits = 9;

    /// <summary>Reads one packet.</summary>
    /// <param name="text">The packet without the type of the Engine.IO message around it; valid UTF-8.</param>
    /// <param name="limits">What it may be at most.</param>
    /// <param name="packet">The packet when the result is <see cref="SocketIOReadStatus.Ok"/>, else the default value.</param>
    public static SocketIOReadStatus Read(ReadOnlySpan<byte> text, SocketIOLimits limits, out SocketIOPacket packet)
    {
        ArgumentNullException.ThrowIfNull(limits);
        packet = default;
        if (text is not [>= (byte)'0' and <= (byte)'6', ..])
        {
            return SocketIOReadStatus.UnknownType;
        }

        var type = (SocketIOPacketType)(text[0] - '0');
        var position = 1;
        var attachments = 0;
        if (type is SocketIOPacketType.BinaryEvent or SocketIOPacketType.BinaryAck)
        {
            var status = ReadAttachmentCount(text, limits, ref position, out attachments);
            if (status != SocketIOReadStatus.Ok)
            {
                return status;
            }
        }

        var (name, query) = ReadNamespace(text, type, ref position);
        if (name.Length + query.Length > limits.MaxNamespaceLength)
        {
            return SocketIOReadStatus.InvalidNamespace;
        }

        if (!TryReadAckId(text, type, ref position, out var ackId))
        {
            return SocketIOReadStatus.InvalidAckId;
        }

        var found = new SocketIOPacket
        {
            Type = type,
            Attachments = attachments,
            Namespace = name,
            Query = query,
            AckId = ackId,
            Payload = new TextSlice(position, text.Length - position),
        };
        try
        {
            return ReadPayload(text, limits, found, out packet);
        }
        catch (JsonException)
        {
            return SocketIOReadStatus.InvalidPayload;
        }
    }

    private static SocketIOReadStatus ReadAttachmentCount(ReadOnlySpan<byte> text, SocketIOLimits limits, ref int position, out int count)
    {
        count = 0;
        var digits = CountDigits(text[position..]);
        if (digits is 0 or > MaxAttachmentDigits || position + digits == text.Length || text[position + digits] != (byte)'-')
        {
            return SocketIOReadStatus.InvalidAttachmentCount;
        }

        count = (int)ReadNumber(text.Slice(position, digits));
        position += digits + 1;
        return count > limits.MaxAttachments ? SocketIOReadStatus.TooManyAttachments : SocketIOReadStatus.Ok;
    }

    private static (TextSlice Name, TextSlice Query) ReadNamespace(ReadOnlySpan<byte> text, SocketIOPacketType type, ref int position)
    {
        if (position == text.Length || text[position] != (byte)'/')
        {
            return default;
        }

        var start = position;
        var rest = text[start..];
        var comma = rest.IndexOf((byte)',');
        var length = comma < 0 ? rest.Length : comma;
        position += comma < 0 ? length : length + 1;

        // A query names no other namespace; it says something about the client, which is of use only when it joins.
        var mark = type == SocketIOPacketType.Connect ? rest[..length].IndexOf((byte)'?') : -1;
        return mark < 0
            ? (new TextSlice(start, length), default)
            : (new TextSlice(start, mark), new TextSlice(start + mark + 1, length - mark - 1));
    }

    private static bool TryReadAckId(ReadOnlySpan<byte> text, SocketIOPacketType type, ref int position, out long? id)
    {
        id = null;
        var isAck = type is SocketIOPacketType.Ack or SocketIOPacketType.BinaryAck;
        if (!isAck && type is not (SocketIOPacketType.Event or SocketIOPacketType.BinaryEvent))
        {
            return true;
        }

        var digits = CountDigits(text[position..]);
        if (digits == 0)
        {
            return !isAck;
        }

        // As many digits as the largest number has; leading zeros are a matter of taste.
        if (digits > 16 || ReadNumber(text.Slice(position, digits)) is > MaxSafeInteger)
        {
            return false;
        }

        id = ReadNumber(text.Slice(position, digits));
        position += digits;
        return true;
    }

    private static SocketIOReadStatus ReadPayload(ReadOnlySpan<byte> text, SocketIOLimits limits, SocketIOPacket found, out SocketIOPacket packet)
    {
        packet = default;
        var payload = found.Payload;
        if (payload.IsEmpty)
        {
            if (found.Type is not (SocketIOPacketType.Connect or SocketIOPacketType.Disconnect))
            {
                return SocketIOReadStatus.InvalidPayload;
            }

            packet = found;
            return SocketIOReadStatus.Ok;
        }

        var reader = new Utf8JsonReader(payload.Of(text), new JsonReaderOptions { MaxDepth = limits.MaxDepth });
        reader.Read();
        var status = SocketIOReadStatus.InvalidPayload;
        switch (found.Type)
        {
            case SocketIOPacketType.Connect when reader.TokenType == JsonTokenType.StartObject:
            case SocketIOPacketType.ConnectError when reader.TokenType is JsonTokenType.StartObject or JsonTokenType.String:
                reader.Skip();
                status = SocketIOReadStatus.Ok;
                break;
            case SocketIOPacketType.Event or SocketIOPacketType.Ack or SocketIOPacketType.BinaryEvent or SocketIOPacketType.BinaryAck
                when reader.TokenType == JsonTokenType.StartArray:
                status = ReadArray(ref reader, ref found);
                break;
        }

        // Anything but white space behind the value throws.
        if (status == SocketIOReadStatus.Ok && !reader.Read())
        {
            packet = found;
        }

        return status;
    }

    private static SocketIOReadStatus ReadArray(ref Utf8JsonReader reader, ref SocketIOPacket packet)
    {
        var offset = packet.Payload.Start;
        var named = packet.Type is SocketIOPacketType.Event or SocketIOPacketType.BinaryEvent;
        var isBinary = packet.Type is SocketIOPacketType.BinaryEvent or SocketIOPacketType.BinaryAck;
        var name = default(TextSlice);
        var first = default(TextSlice);
        var count = 0;
        var end = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            if (named && name.IsEmpty)
            {
                if (!IsEventName(ref reader))
                {
                    return SocketIOReadStatus.InvalidPayload;
                }

                name = new TextSlice(offset + start, (int)reader.BytesConsumed - start);
                continue;
            }

            if (!isBinary)
            {
                reader.Skip();
            }
            else if (!HasValidPlaceholders(ref reader, packet.Attachments))
            {
                return SocketIOReadStatus.InvalidPlaceholder;
            }

            end = (int)reader.BytesConsumed;
            if (count++ == 0)
            {
                first = new TextSlice(offset + start, end - start);
            }
        }

        if (named && name.IsEmpty)
        {
            return SocketIOReadStatus.InvalidPayload;
        }

        packet = packet with
        {
            Name = name,
            FirstArgument = first,
            ArgumentCount = count,
            Arguments = count == 0 ? default : first with { Length = offset + end - first.Start },
        };
        return SocketIOReadStatus.Ok;
    }

    // The names that clients use for the life of the connection itself are no events.
    private static bool IsEventName(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Number => true,
        JsonTokenType.String => !reader.ValueTextEquals("connect"u8)
            && !reader.ValueTextEquals("connect_error"u8)
            && !reader.ValueTextEquals("disconnect"u8)
            && !reader.ValueTextEquals("disconnecting"u8)
            && !reader.ValueTextEquals("newListener"u8)
            && !reader.ValueTextEquals("removeListener"u8),
        _ => false,
    };

    // Recursive, but no deeper than the reader goes. The reader stands on the value's first token before and on its last one afterwards.
    private static bool HasValidPlaceholders(ref Utf8JsonReader reader, int attachments)
    {
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (!HasValidPlaceholders(ref reader, attachments))
                {
                    return false;
                }
            }

            return true;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return true;
        }

        var isPlaceholder = false;
        var number = -1;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isMark = reader.ValueTextEquals("_placeholder"u8);
            var isNumber = reader.ValueTextEquals("num"u8);
            reader.Read();
            if (isMark)
            {
                isPlaceholder = reader.TokenType == JsonTokenType.True;
            }
            else if (isNumber)
            {
                number = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var value) ? value : -1;
            }

            if (!HasValidPlaceholders(ref reader, attachments))
            {
                return false;
            }
        }

        return !isPlaceholder || (number >= 0 && number < attachments);
    }

    private static int CountDigits(ReadOnlySpan<byte> text)
    {
        var other = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return other < 0 ? text.Length : other;
    }

    private static long ReadNumber(ReadOnlySpan<byte> digits)
    {
        var number = 0L;
        foreach (var digit in digits)
        {
            number = (number * 10) + (digit - '0');
        }

        return number;
    }
}
