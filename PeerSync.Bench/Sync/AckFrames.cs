using PeerSync.Bench.Load.Sockets;

namespace PeerSync.Bench.Sync;

/// <summary>What a device confirms received events with, as the web client does for every one of them.</summary>
internal static class AckFrames
{
    private const string Text = "{\"type\":\"ack\",\"payload\":{\"device_seq\":0000000000}}";
    private static readonly int HeaderLength = ClientFrame.Text(Text).Length - Text.Length;
    private static readonly int NumberAt = Text.IndexOf("0000000000", StringComparison.Ordinal);

    /// <summary>Payload bytes of an acknowledgement in either direction.</summary>
    public static int MessageLength => Text.Length;

    /// <summary>The number that the server acknowledges, or -1 when it is another message.</summary>
    public static long Read(ReadOnlySpan<byte> message)
    {
        return message.Length == MessageLength && message.StartsWith("{\"type\":\"ack\","u8) ? SyncFrames.ReadNumber(message[NumberAt..]) : -1;
    }

    /// <summary>Confirms events, all in one call.</summary>
    public static void Send(LoadConnection connection, IReadOnlyList<long> numbers)
    {
        var frame = ClientFrame.Text(Text);
        var frames = new byte[frame.Length * numbers.Count];
        for (var i = 0; i < numbers.Count; i++)
        {
            var at = i * frame.Length;
            frame.CopyTo(frames, at);
            var number = numbers[i];
            for (var digit = 9; digit >= 0; digit--, number /= 10)
            {
                // The template has zeros there: what is exclusive-ored in takes the mask along.
                frames[at + HeaderLength + NumberAt + digit] ^= (byte)(number % 10);
            }
        }

        connection.Send(frames);
    }
}
