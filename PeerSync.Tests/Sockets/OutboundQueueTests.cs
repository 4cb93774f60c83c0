using PeerSync.Host.Sockets;
using PeerSync.Protocol.Buffers;

namespace PeerSync.Tests.Sockets;

public sealed class OutboundQueueTests
{
    [Fact]
    public void One_caller_is_told_to_start_the_writer()
    {
        var queue = new OutboundQueue(10, 1_000);
        Assert.Equal(OutboundQueue.AddResult.StartWriter, queue.TryAdd(Message(1)));
        Assert.Equal(OutboundQueue.AddResult.Queued, queue.TryAdd(Message(1)));
        Assert.Equal(OutboundQueue.AddResult.Queued, queue.RequestWriter());
        Assert.False(queue.TryGoIdle());
        queue.TryTake()!.Release();
        queue.TryTake()!.Release();
        Assert.Null(queue.TryTake());
        Assert.True(queue.TryGoIdle());
        Assert.Equal(OutboundQueue.AddResult.StartWriter, queue.RequestWriter());
    }

    [Fact]
    public void It_is_bounded_in_messages_and_in_bytes()
    {
        var queue = new OutboundQueue(3, 100);
        for (var i = 0; i < 3; i++)
        {
            Assert.NotEqual(OutboundQueue.AddResult.Full, queue.TryAdd(Message(10)));
        }

        Assert.Equal((3, 30), (queue.Count, queue.Bytes));
        Assert.Equal(OutboundQueue.AddResult.Full, queue.TryAdd(Message(1)));
        queue.TryTake()!.Release();
        Assert.Equal(OutboundQueue.AddResult.Full, queue.TryAdd(Message(81)));
        Assert.Equal(OutboundQueue.AddResult.Queued, queue.TryAdd(Message(80)));
        queue.Clear();
        Assert.Equal((0, 0), (queue.Count, queue.Bytes));
    }

    [Fact]
    public void A_completed_queue_gives_what_it_has_and_takes_no_more()
    {
        var queue = new OutboundQueue(3, 100);
        queue.TryAdd(Message(1));
        queue.Complete();
        Assert.Equal(OutboundQueue.AddResult.Closed, queue.TryAdd(Message(1)));
        Assert.NotNull(queue.TryTake());
        queue.Clear();
        Assert.Equal(OutboundQueue.AddResult.Closed, queue.TryAdd(Message(1)));
        Assert.Null(queue.TryTake());
    }

    [Fact]
    public void Eight_producers_lose_nothing_and_keep_their_order()
    {
        const int Producers = 8;
        const int PerProducer = 5_000;
        var queue = new OutboundQueue(int.MaxValue, long.MaxValue);
        var seen = new int[Producers];
        var writers = 0;
        using var done = new CountdownEvent(Producers * PerProducer);

        void Drain()
        {
            Assert.Equal(1, Interlocked.Increment(ref writers));
            while (true)
            {
                while (queue.TryTake() is { } message)
                {
                    var value = BitConverter.ToInt32(message.Span);
                    Assert.Equal(seen[value / PerProducer]++, value % PerProducer);
                    message.Release();
                    done.Signal();
                }

                // Counted out first: as soon as the queue is idle, the next writer may start.
                Interlocked.Decrement(ref writers);
                if (queue.TryGoIdle())
                {
                    return;
                }

                Interlocked.Increment(ref writers);
            }
        }

        Parallel.For(0, Producers, new ParallelOptions { MaxDegreeOfParallelism = Producers }, producer =>
        {
            for (var i = 0; i < PerProducer; i++)
            {
                if (queue.TryAdd(MessageBuffer.Copy(BitConverter.GetBytes((producer * PerProducer) + i))) == OutboundQueue.AddResult.StartWriter)
                {
                    Drain();
                }
            }
        });
        Assert.True(done.Wait(TimeSpan.FromSeconds(10)), $"{done.CurrentCount} messages were lost.");
        Assert.Equal((0, 0), (queue.Count, queue.Bytes));
    }

    private static MessageBuffer Message(int length) => MessageBuffer.Copy(new byte[length]);
}
