using System.Buffers.Binary;
using System.Text;
using PeerSync.Protocol.WebSockets;

namespace PeerSync.Tests.TestKit;

/// <summary>A frame as the server sent it.</summary>
internal sealed record RawFrame(WebSocketOpcode Opcode, byte[] Payload)
{
    internal string Text => Encoding.UTF8.GetString(Payload);

    /// <summary>A close frame's code; 1005 where it has none.</summary>
    internal int CloseCode => Payload.Length < 2 ? WebSocketCloseCode.NoStatusReceived : BinaryPrimitives.ReadUInt16BigEndian(Payload);
}
