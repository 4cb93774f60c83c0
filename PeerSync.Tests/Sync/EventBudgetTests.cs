using PeerSync.Actors.Sync;

namespace PeerSync.Tests.Sync;

public sealed class EventBudgetTests
{
    private const long Frequency = 1000;

    [Fact]
    public void ABurstIsFreeAndWhatFollowsIsOnCredit()
    {
        var budget = new EventBudget(3, 60, 0);
        Assert.Equal([0, 0, 0, 1, 2], Enumerable.Range(0, 5).Select(_ => budget.Take(0, Frequency).TotalSeconds));
    }

    [Fact]
    public void ItRefillsAtItsRateUpToTheBurst()
    {
        var budget = new EventBudget(2, 120, 0);
        Assert.Equal(TimeSpan.Zero, budget.Take(0, Frequency));
        Assert.Equal(TimeSpan.Zero, budget.Take(0, Frequency));
        Assert.Equal(TimeSpan.Zero, budget.Take(500, Frequency));
        Assert.Equal(TimeSpan.FromSeconds(0.5), budget.Take(500, Frequency));

        // An hour fills it, and no more than that.
        const long Hour = 3_600_000;
        Assert.Equal(TimeSpan.Zero, budget.Take(Hour, Frequency));
        Assert.Equal(TimeSpan.Zero, budget.Take(Hour, Frequency));
        Assert.Equal(TimeSpan.FromSeconds(0.5), budget.Take(Hour, Frequency));
    }

    [Fact]
    public void WhoeverWaitsAsLongAsItIsToldKeepsTheRate()
    {
        var budget = new EventBudget(10, 600, 0);
        var now = 0L;
        const int Events = 1000;
        for (var i = 0; i < Events; i++)
        {
            now += (long)Math.Ceiling(budget.Take(now, Frequency).TotalSeconds * Frequency);
        }

        Assert.InRange(now, (Events - 10) * 100L, ((Events - 10) * 100L) + 100);
    }

    [Fact]
    public void ABurstOfZeroIsNoLimit()
    {
        var budget = new EventBudget(0, 60, 0);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(TimeSpan.Zero, budget.Take(0, Frequency)));
    }
}
