using System.Collections.Concurrent;

namespace PeerSync.Host.Sockets;

/// <summary>Counts what the sockets do, for metrics to read. Adding costs one interlocked operation per batch, not per message where batches exist.</summary>
internal sealed class SocketCounters
{
    /// <summary>Stands for every close code that only clients use.</summary>
    internal const int OtherCode = 0;

    private readonly ConcurrentDictionary<int, long> _closedByCode = new();
    private long _opened;
    private long _messagesReceived;
    private long _messagesSent;
    private long _bytesReceived;
    private long _bytesSent;
    private long _slowConsumers;
    private long _deadPeers;
    private long _rateLimited;

    internal long TotalOpened => Interlocked.Read(ref _opened);

    internal long TotalMessagesReceived => Interlocked.Read(ref _messagesReceived);

    internal long TotalMessagesSent => Interlocked.Read(ref _messagesSent);

    internal long TotalBytesReceived => Interlocked.Read(ref _bytesReceived);

    internal long TotalBytesSent => Interlocked.Read(ref _bytesSent);

    internal long TotalSlowConsumers => Interlocked.Read(ref _slowConsumers);

    internal long TotalDeadPeers => Interlocked.Read(ref _deadPeers);

    internal long TotalRateLimited => Interlocked.Read(ref _rateLimited);

    /// <summary>Closed connections by close code.</summary>
    internal IReadOnlyDictionary<int, long> ClosedByCode => _closedByCode;

    internal void Opened() => Interlocked.Increment(ref _opened);

    /// <summary>Counts a close. A client may name any code from 3000 to 4999, so what is not ours is counted as <see cref="OtherCode"/>.</summary>
    internal void Closed(int code) =>
        _closedByCode.AddOrUpdate(code is > 0 and < 3000 or 4001 or 4002 ? code : OtherCode, 1, static (_, count) => count + 1);

    internal void MessageReceived() => Interlocked.Increment(ref _messagesReceived);

    internal void BytesReceived(long bytes) => Interlocked.Add(ref _bytesReceived, bytes);

    internal void Sent(int messages, long bytes)
    {
        Interlocked.Add(ref _messagesSent, messages);
        Interlocked.Add(ref _bytesSent, bytes);
    }

    internal void SlowConsumer() => Interlocked.Increment(ref _slowConsumers);

    internal void DeadPeer() => Interlocked.Increment(ref _deadPeers);

    internal void MessageRateLimited() => Interlocked.Increment(ref _rateLimited);
}
