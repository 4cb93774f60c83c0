using PeerSync.Host.Metrics;

namespace PeerSync.Tests.Metrics;

public sealed class CountingTests
{
    private const int Threads = 8;
    private const int PerThread = 100_000;

    [Fact]
    public void StripesLoseNothingAndNeverGoBack()
    {
        var counter = new StripedCounter();
        using var start = new Barrier(Threads + 1);
        var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            start.SignalAndWait();
            for (var i = 0; i < PerThread; i++)
            {
                counter.Increment();
            }
        })).ToArray();
        foreach (var thread in threads)
        {
            thread.Start();
        }

        start.SignalAndWait();
        var last = 0L;
        while (threads.Any(static thread => thread.IsAlive))
        {
            var value = counter.Value;
            Assert.InRange(value, last, (long)Threads * PerThread);
            last = value;
        }

        Assert.Equal((long)Threads * PerThread, counter.Value);
        counter.Add(5);
        Assert.Equal(((long)Threads * PerThread) + 5, counter.Value);
    }

    [Fact]
    public void CountingDoesNotAllocate()
    {
        var feature = new FeatureMetrics();
        feature.ConnectionClosed(1000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            feature.MessagesReceived.Increment();
            feature.BytesReceived.Add(100);
            feature.ConnectionClosed(1000);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void LabelsThatClientsChooseAreBounded()
    {
        var counters = new LabeledCounters<int>();
        for (var code = 1000; code < 5000; code++)
        {
            counters[code].Increment();
        }

        counters[1000].Increment();
        var read = counters.Read().ToDictionary();
        Assert.Equal(65, read.Count);
        Assert.Equal(2, read["1000"]);
        Assert.Equal(4001, read.Values.Sum());
        Assert.Equal(4000 - 64, read["other"]);
    }

    [Fact]
    public void LevelsRiseAndFall()
    {
        var level = new Level();
        Parallel.For(0, 1_000, i =>
        {
            level.Increment();
            if (i % 2 == 0)
            {
                level.Decrement();
            }
        });
        Assert.Equal(500, level.Value);
        level.Set(7);
        Assert.Equal(7, level.Value);
    }
}
