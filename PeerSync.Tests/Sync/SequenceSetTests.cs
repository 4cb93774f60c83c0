using FsCheck;
using FsCheck.Fluent;
using PeerSync.Actors.Sync;

namespace PeerSync.Tests.Sync;

public sealed class SequenceSetTests
{
    [Fact]
    public void KnowsExactlyWhatWasAdded() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300),
        Prop.ForAll(Gen.Choose(1, 60).ArrayOf().ToArbitrary(), numbers =>
        {
            var set = new SequenceSet();
            var model = new HashSet<long>();
            foreach (var number in numbers)
            {
                Assert.Equal(model.Add(number), set.Add(number));
                Assert.Equal(model.Max(), set.Highest);
                for (var other = 0; other <= 62; other++)
                {
                    Assert.Equal(model.Contains(other), set.Contains(other));
                }
            }

            AssertIsCanonical(set);
            Assert.Equal(model.Order(), set.Intervals.SelectMany(static interval => Numbers(interval.First, interval.Last)));
        }));

    [Fact]
    public void TakesNumbersOfAnySize()
    {
        const long Highest = (1L << 53) - 1;
        var set = new SequenceSet();
        Assert.True(set.Add(Highest));
        Assert.True(set.Add(1));
        Assert.True(set.Add(Highest - 1));
        Assert.False(set.Add(Highest));
        Assert.False(set.Contains(Highest - 2));
        Assert.Equal([(1, 1), (Highest - 1, Highest)], set.Intervals);
    }

    [Fact]
    public void AnEmptyOneHasNoHighest()
    {
        var set = new SequenceSet();
        Assert.Equal(0, set.Highest);
        Assert.False(set.Contains(0));
        Assert.False(set.Contains(1));
        Assert.Empty(set.Intervals);
    }

    [Fact]
    public void ForgetsTheLowestGapsAboveItsBound()
    {
        const int Added = SequenceSet.MaxIntervals + 1000;
        var set = new SequenceSet();
        for (var i = 1; i <= Added; i++)
        {
            Assert.True(set.Add(i * 2L));
        }

        Assert.Equal(SequenceSet.MaxIntervals, set.Intervals.Count);
        AssertIsCanonical(set);
        for (var i = 1; i <= Added; i++)
        {
            Assert.True(set.Contains(i * 2L));
        }

        // A gap below the bound is taken as used, one above it is still open.
        Assert.False(set.Add(3));
        Assert.True(set.Add((Added * 2L) - 1));
        Assert.Equal((2L, (1000 * 2L) + 2), set.Intervals[0]);
    }

    [Fact]
    public void AtItsBoundANumberBelowAllOthersIsAdded()
    {
        var set = new SequenceSet();
        for (var i = 1; i <= SequenceSet.MaxIntervals; i++)
        {
            set.Add(100 + (i * 2L));
        }

        Assert.True(set.Add(5));
        Assert.True(set.Contains(5));
        Assert.True(set.Contains(102));
        Assert.Equal(SequenceSet.MaxIntervals, set.Intervals.Count);
        AssertIsCanonical(set);
    }

    [Fact]
    public void IsRestoredFromItsIntervals()
    {
        var set = new SequenceSet();
        set.Append(1, 4);
        set.Append(7, 7);
        set.Append(9, 12);
        Assert.Equal([(1, 4), (7, 7), (9, 12)], set.Intervals);
        Assert.False(set.Add(4));
        Assert.True(set.Add(8));
        Assert.Equal([(1, 4), (7, 12)], set.Intervals);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-3, 2)]
    [InlineData(5, 9)]
    [InlineData(3, 9)]
    [InlineData(12, 11)]
    public void RefusesIntervalsThatAreNotInOrder(long first, long last)
    {
        var set = new SequenceSet();
        set.Append(2, 5);
        Assert.Throws<FormatException>(() => set.Append(first, last));
    }

    private static IEnumerable<long> Numbers(long first, long last)
    {
        for (var number = first; number <= last; number++)
        {
            yield return number;
        }
    }

    private static void AssertIsCanonical(SequenceSet set)
    {
        for (var i = 0; i < set.Intervals.Count; i++)
        {
            Assert.True(set.Intervals[i].First <= set.Intervals[i].Last);
            Assert.True(i == 0 || set.Intervals[i - 1].Last + 1 < set.Intervals[i].First, "Neighbours are one interval.");
        }
    }
}
