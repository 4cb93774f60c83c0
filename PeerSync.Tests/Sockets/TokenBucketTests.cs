using PeerSync.Host.Sockets;

namespace PeerSync.Tests.Sockets;

public sealed class TokenBucketTests
{
    [Fact]
    public void The_burst_goes_at_once_and_the_rest_at_the_rate()
    {
        var bucket = new TokenBucket(3, 0);
        Assert.Equal(3, Take(ref bucket, 5, 0));
        Assert.Equal(0, Take(ref bucket, 1, 9));
        Assert.Equal(1, Take(ref bucket, 2, 10));
        Assert.Equal(2, Take(ref bucket, 5, 30));
    }

    [Fact]
    public void It_never_holds_more_than_the_burst()
    {
        var bucket = new TokenBucket(3, 0);
        Assert.Equal(3, Take(ref bucket, 10, long.MaxValue / 2));
    }

    private static int Take(ref TokenBucket bucket, int attempts, long now)
    {
        var taken = 0;
        for (var i = 0; i < attempts; i++)
        {
            taken += bucket.TryTake(now, ticksPerToken: 10, burst: 3) ? 1 : 0;
        }

        return taken;
    }
}
