using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PeerSync.Bench.Load.Sockets;

/// <summary>Builds what the client sends: the upgrade request and masked frames (RFC 6455 sections 4.1 and 5.3).</summary>
internal static class ClientFrame
{
    public static byte[] Text(string text) => Build(FrameHeader.Text, Encoding.UTF8.GetBytes(text));

    public static byte[] Build(byte opcode, ReadOnlySpan<byte> payload)
    {
        var headerSize = payload.Length switch { < 126 => 2, <= ushort.MaxValue => 4, _ => 10 };
        var frame = new byte[headerSize + 4 + payload.Length];
        frame[0] = (byte)(0x80 | opcode);
        switch (headerSize)
        {
            case 2:
                frame[1] = (byte)(0x80 | payload.Length);
                break;
            case 4:
                frame[1] = 0x80 | 126;
                BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)payload.Length);
                break;
            default:
                frame[1] = 0x80 | 127;
                BinaryPrimitives.WriteInt64BigEndian(frame.AsSpan(2), payload.Length);
                break;
        }

        // A real mask: a server may skip the work for a mask of zeros, which no real client sends.
        var mask = frame.AsSpan(headerSize, 4);
        RandomNumberGenerator.Fill(mask);
        var body = frame.AsSpan(headerSize + 4);
        for (var i = 0; i < payload.Length; i++)
        {
            body[i] = (byte)(payload[i] ^ mask[i & 3]);
        }

        return frame;
    }

    public static byte[] UpgradeRequest(string path, int port)
    {
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        return Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n");
    }
}
