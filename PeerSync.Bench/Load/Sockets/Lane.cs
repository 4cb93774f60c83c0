namespace PeerSync.Bench.Load.Sockets;

/// <summary>One direction of a pair: the same message over and over from one connection to another (for an echo, to itself).</summary>
internal sealed class Lane
{
    public const int DefaultBurst = 64 * 1024;

    /// <param name="source">The connection that sends.</param>
    /// <param name="sink">The connection that receives.</param>
    /// <param name="frame">The masked frame to send, built once.</param>
    /// <param name="receivedLength">Payload bytes of the message as the sink gets it.</param>
    /// <param name="mayBatch">Whether the server may put several messages into one WebSocket message.</param>
    /// <param name="largestBurst">Bytes that leave in one call at most, if they are more than one frame; they are kept in memory.</param>
    public Lane(LoadConnection source, LoadConnection sink, byte[] frame, int receivedLength, bool mayBatch, int largestBurst = DefaultBurst)
    {
        Source = source;
        Sink = sink;
        FrameLength = frame.Length;
        ReceivedLength = receivedLength;
        MayBatch = mayBatch;
        var copies = Math.Max(1, largestBurst / frame.Length);
        Burst = new byte[copies * frame.Length];
        for (var i = 0; i < copies; i++)
        {
            frame.CopyTo(Burst, i * frame.Length);
        }
    }

    public LoadConnection Source { get; }

    public LoadConnection Sink { get; }

    /// <summary>The frame several times over, so that many messages leave in one call without a copy.</summary>
    public byte[] Burst { get; }

    public int FrameLength { get; }

    public int ReceivedLength { get; }

    public bool MayBatch { get; }

    public ILaneDriver? Driver { get; set; }

    public long Sent { get; set; }

    public long Received { get; set; }

    /// <summary>When each message in flight was due, oldest first; used when latency is measured.</summary>
    public Queue<long> DueTimes { get; } = new();

    public void Send(int count)
    {
        Sent += count;
        Source.SendFrames(count);
    }
}
