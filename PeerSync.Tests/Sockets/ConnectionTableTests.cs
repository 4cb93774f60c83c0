using PeerSync.Host.Sockets;

namespace PeerSync.Tests.Sockets;

public sealed class ConnectionTableTests
{
    [Fact]
    public async Task Eight_threads_add_and_remove_without_losing_one()
    {
        await using var harness = new SocketHarness();
        var table = new ConnectionTable();
        var lastNumber = 0L;
        var kept = new System.Collections.Concurrent.ConcurrentBag<WebSocketConnection>();
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, thread =>
        {
            var mine = new Queue<WebSocketConnection>();
            for (var i = 0; i < 500; i++)
            {
                var connection = new WebSocketConnection(harness.Server, new PipeTransport(), [harness.Dialect], Interlocked.Increment(ref lastNumber), "address");
                table.Add(connection);
                mine.Enqueue(connection);
                if (i % 3 != 0)
                {
                    table.Remove(mine.Dequeue());
                }

                if (i % 100 == 0)
                {
                    Assert.InRange(table.Snapshot().Count, 1, 8 * 500);
                }
            }

            foreach (var connection in mine)
            {
                kept.Add(connection);
            }
        });

        Assert.Equal(kept.Count, table.Count);
        Assert.Equal(kept.Select(static c => c.Number).Order(), table.Snapshot().Select(static c => c.Number).Order());
        var empty = table.WhenEmptyAsync();
        Assert.False(empty.IsCompleted);
        foreach (var connection in kept)
        {
            table.Remove(connection);
        }

        await empty.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.True(table.WhenEmptyAsync().IsCompleted);
    }
}
