using PeerSync.Host.Sockets;

namespace PeerSync.Tests.Sockets;

public sealed class AddressLimitsTests
{
    [Fact]
    public void The_burst_of_new_connections_is_limited_for_each_address()
    {
        using var limits = new AddressLimits(enabled: true, 2, TimeSpan.FromHours(1), 100);
        Assert.True(limits.TryOpen("a"));
        Assert.True(limits.TryOpen("a"));
        Assert.False(limits.TryOpen("a"));
        Assert.True(limits.TryOpen("b"));
        limits.Close("a");
        Assert.False(limits.TryOpen("a"));
    }

    [Fact]
    public void Open_connections_are_limited_and_their_places_come_back()
    {
        using var limits = new AddressLimits(enabled: true, 1_000, TimeSpan.FromHours(1), 2);
        for (var round = 0; round < 5; round++)
        {
            Assert.True(limits.TryOpen("a"));
            Assert.True(limits.TryOpen("a"));
            Assert.False(limits.TryOpen("a"));
            limits.Close("a");
            limits.Close("a");
        }

        limits.Close("never opened");
    }

    [Fact]
    public void Off_means_no_limit()
    {
        using var limits = new AddressLimits(enabled: false, 1, TimeSpan.FromHours(1), 1);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.True(limits.TryOpen("a")));
    }

    [Fact]
    public void Eight_threads_never_hold_more_than_the_limit()
    {
        const int Limit = 5;
        using var limits = new AddressLimits(enabled: true, int.MaxValue, TimeSpan.FromHours(1), Limit);
        var held = 0;
        var admitted = 0;
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            for (var i = 0; i < 5_000; i++)
            {
                if (limits.TryOpen("a"))
                {
                    Assert.InRange(Interlocked.Increment(ref held), 1, Limit);
                    Interlocked.Increment(ref admitted);
                    Interlocked.Decrement(ref held);
                    limits.Close("a");
                }
            }
        });
        Assert.InRange(admitted, 1, 40_000);
        Assert.All(Enumerable.Range(0, Limit), _ => Assert.True(limits.TryOpen("a")));
        Assert.False(limits.TryOpen("a"));
    }
}
