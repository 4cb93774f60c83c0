using System.Text.Json;
using PeerSync.Actors.Connections;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.SocketIO;

namespace PeerSync.Actors.SocketIO;

/// <summary>An event of a client, told to its socket's actor in the order of its sending.</summary>
public sealed class SocketIOEvent : SocketIOInbound
{
    /// <inheritdoc cref="SocketIOInbound(MessageBuffer, int, in SocketIOPacket, MessageBuffer[], ICreditSource)"/>
    public SocketIOEvent(MessageBuffer text, int offset, in SocketIOPacket packet, MessageBuffer[] attachments, ICreditSource credit)
        : base(text, offset, packet, attachments, credit)
    {
    }

    /// <summary>The name as JSON: a string in its quotes, escapes and all, or a number.</summary>
    public ReadOnlySpan<byte> Name => Of(Packet.Name);

    /// <summary>The id that the answer must have; null where the client wants none.</summary>
    public long? AckId => Packet.AckId;

    /// <summary>Whether the name, with its escapes resolved, is some text.</summary>
    public bool IsNamed(ReadOnlySpan<byte> name)
    {
        // Hardly any client escapes what it need not.
        var json = Name;
        if (json.Length == name.Length + 2 && json[1..^1].SequenceEqual(name))
        {
            return json[0] == (byte)'"';
        }

        if (!json.Contains((byte)'\\'))
        {
            return false;
        }

        var reader = new Utf8JsonReader(json);
        return reader.Read() && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(name);
    }
}
