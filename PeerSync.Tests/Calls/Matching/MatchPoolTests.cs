using PeerSync.Actors.Calls;
using PeerSync.Protocol.Calls;
using static PeerSync.Tests.Calls.Matching.Tickets;

namespace PeerSync.Tests.Calls.Matching;

public sealed class MatchPoolTests
{
    private const long Start = 1_000_000_000;
    private const long Second = 1000;
    private const long Hour = 3_600_000;

    private readonly PoolLog _log = new();
    private readonly MatchPool _pool;
    private int _sessions;

    public MatchPoolTests()
    {
        _pool = new MatchPool(new MatchSettings(), _log, () => $"s{++_sessions}");
    }

    [Fact]
    public void TwoThatFitAreMatchedAtOnceAndGoneWhenBothConfirm()
    {
        Assert.Equal(EnqueueOutcome.Added, _pool.Enqueue(Of("alice", Start), Start));
        Assert.Equal(EnqueueOutcome.Added, _pool.Enqueue(Of("bob", Start + 1), Start + 1));
        Assert.Equal(["Added alice since 1000000000: 1 of 1", "Added bob since 1000000001: 2 of 2", "proposed s1: bob and alice, 71 []"], _log.Take());
        Assert.Equal((0, 2), (_pool.Waiting, _pool.Count));
        Assert.True(_pool.Confirm("s1", "alice", Start + 2));
        Assert.True(_pool.Confirm("s1", "alice", Start + 2));
        Assert.False(_pool.Confirm("s1", "eve", Start + 2));
        Assert.Empty(_log.Lines);
        Assert.True(_pool.Confirm("s1", "bob", Start + 3));
        Assert.Equal(["confirmed s1"], _log.Take());
        Assert.Equal(0, _pool.Count);
        Assert.False(_pool.Confirm("s1", "bob", Start + 3));
        Assert.False(_pool.Advance(Start + Hour));
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public void TheSameWishAgainChangesNothing()
    {
        _pool.Enqueue(Of("alice", Start), Start);
        Assert.Equal(EnqueueOutcome.Unchanged, _pool.Enqueue(Of("alice", Start + 5, ticketId: 2), Start + 5));
        Assert.Equal("Unchanged alice since 1000000000: 1 of 1", _log.Take()[^1]);
        Assert.False(_pool.Withdraw("alice", 1, Start + 6));
        _pool.Enqueue(Of("bob", Start + 7), Start + 7);
        Assert.Equal(EnqueueOutcome.Reserved, _pool.Enqueue(Of("alice", Start + 8, ticketId: 3), Start + 8));
        Assert.True(_pool.Confirm("s1", "alice", Start + 9) && _pool.Confirm("s1", "bob", Start + 9));
        Assert.Equal("confirmed s1", _log.Lines[^1]);
    }

    [Fact]
    public void AnotherWishReplacesTheOldOneAndKeepsItsTime()
    {
        _pool.Enqueue(Of("alice", Start, static join => join with { Region = "asia" }), Start);
        _pool.Enqueue(Of("bob", Start + 1, static join => join with { Region = "europe" }), Start + 1);
        Assert.Equal(EnqueueOutcome.Replaced, _pool.Enqueue(Of("alice", Start + 2, static join => join with { Region = "europe" }, ticketId: 2), Start + 2));
        Assert.Equal(["Replaced alice since 1000000000: 1 of 2", "proposed s1: bob and alice, 73 []"], _log.Take()[2..]);
        Assert.Equal(EnqueueOutcome.Replaced, _pool.Enqueue(Of("alice", Start + 3, static join => join with { Region = "asia" }, ticketId: 3), Start + 3));
        Assert.Equal(["returned bob from s1", "Replaced alice since 1000000000: 1 of 2"], _log.Take());
    }

    [Theory]
    [InlineData("europe", "europe", true)]
    [InlineData("europe", "global", true)]
    [InlineData("global", "mars", true)]
    [InlineData("europe", "asia", false)]
    [InlineData("europe", "Europe", false)]
    public void RegionsMeetWhenTheyAreEqualOrOneIsGlobal(string first, string second, bool meet)
    {
        _pool.Enqueue(Of("a", Start, join => join with { Region = first }), Start);
        _pool.Enqueue(Of("b", Start, join => join with { Region = second }), Start);
        _pool.Advance(Start + Hour);
        Assert.Equal(meet ? 1 : 0, _log.Matches.Count);
    }

    [Theory]
    [InlineData(true, CallsGender.Female, true)]
    [InlineData(true, CallsGender.Male, false)]
    [InlineData(true, CallsGender.Unknown, false)]
    [InlineData(true, CallsGender.Other, false)]
    [InlineData(false, CallsGender.Male, true)]
    [InlineData(false, CallsGender.Unknown, true)]
    public void APreferenceForAGenderCountsForThePremium(bool isPremium, CallsGender other, bool meet)
    {
        _pool.Enqueue(Of("a", Start, static join => join with { GenderPreference = GenderPreference.Female }, isPremium: isPremium), Start);
        _pool.Enqueue(Of("b", Start, join => join with { Gender = other }), Start);
        _pool.Advance(Start + Hour);
        Assert.Equal(meet ? 1 : 0, _log.Matches.Count);
    }

    [Theory]
    [InlineData(QueueType.Casual, QueueType.Gaming, true)]
    [InlineData(QueueType.Serious, QueueType.Casual, true)]
    [InlineData(QueueType.Language, QueueType.Casual, false)]
    public void OtherQueueTypesMeetOnceOneIsUrgent(QueueType first, QueueType second, bool meet)
    {
        _pool.Enqueue(Of("a", Start, join => join with { QueueType = first }), Start);
        _pool.Enqueue(Of("b", Start + Second, join => join with { QueueType = second }), Start + Second);
        _pool.Advance(Start + (30 * Second));
        Assert.Empty(_log.Matches);
        _pool.Advance(Start + (30 * Second) + 1);
        Assert.Equal(meet ? 1 : 0, _log.Matches.Count);
    }

    [Fact]
    public void OneWhoJoinsMeetsAnUrgentOneOfAnotherQueueType()
    {
        _pool.Enqueue(Of("a", Start, static join => join with { QueueType = QueueType.Gaming }), Start);
        _pool.Advance(Start + (31 * Second));
        _pool.Enqueue(Of("b", Start + (31 * Second)), Start + (31 * Second));
        Assert.Single(_log.Matches);
    }

    [Fact]
    public void BlocksHoldForEverInBothDirections()
    {
        _pool.Enqueue(Of("a", Start, blocked: ["b"]), Start);
        _pool.Enqueue(Of("b", Start), Start);
        _pool.Enqueue(Of("c", Start, blocked: ["a", "b"]), Start);
        _pool.Advance(Start + (10 * Hour));
        Assert.Empty(_log.Matches);
    }

    [Fact]
    public void ABlockEndsAProposalAndBothWaitOn()
    {
        _pool.Enqueue(Of("a", Start), Start);
        _pool.Enqueue(Of("b", Start + 1), Start + 1);
        _pool.Confirm("s1", "a", Start + 2);
        _pool.AddBlock("b", "a", Start + 2);
        Assert.Equal(["returned b from s1", "returned a from s1"], _log.Lines[^2..]);
        Assert.Equal(2, _pool.Waiting);
        Assert.False(_pool.Confirm("s1", "b", Start + 3));
        _pool.AddBlock("a", "x", Start + 3);
        _pool.Enqueue(Of("x", Start + 4), Start + 4);
        Assert.Equal("proposed s2: x and b, 71 []", _log.Lines[^1]);
    }

    [Fact]
    public void PartnersOfTheLastHourMeetAgainOnlyWhenBothHaveWaitedLongAndNobodyElseIsThere()
    {
        _pool.Enqueue(Of("a", Start, recent: new RecentMatch("b", Start - Second)), Start);
        _pool.Enqueue(Of("b", Start + (10 * Second)), Start + (10 * Second));
        _pool.Advance(Start + (95 * Second));
        Assert.Empty(_log.Matches);
        Assert.False(_pool.Advance(Start + (100 * Second)));
        Assert.Empty(_log.Matches);
        _pool.Advance(Start + (101 * Second));
        Assert.Equal("proposed s1: b and a, 83 []", _log.Lines[^1]);
    }

    [Fact]
    public void SomebodyNewComesBeforeAPartnerOfTheLastHour()
    {
        _pool.Enqueue(Of("a", Start, recent: new RecentMatch("b", Start - Second)), Start);
        _pool.Enqueue(Of("b", Start), Start);
        _pool.Enqueue(Of("c", Start + Second), Start + Second);
        Assert.Equal("proposed s1: c and a, 71 []", _log.Lines[^1]);
    }

    [Fact]
    public void AfterTheHourPartnersMeetAtOnce()
    {
        _pool.Enqueue(Of("a", Start, recent: [new RecentMatch("b", Start - Hour + Second), new RecentMatch("c", Start - Hour)]), Start);
        _pool.Enqueue(Of("b", Start), Start);
        _pool.Advance(Start + Second - 1);
        Assert.Empty(_log.Matches);
        _pool.Advance(Start + Second);
        Assert.Single(_log.Matches);
    }

    [Fact]
    public void WhoDoesNotConfirmIsDroppedAndTheOtherKeepsItsPlace()
    {
        _pool.Enqueue(Of("a", Start), Start);
        _pool.Enqueue(Of("b", Start + 1), Start + 1);
        _pool.Confirm("s1", "a", Start + 2);
        _pool.Enqueue(Of("c", Start + 3, blocked: ["a"]), Start + 3);
        _pool.Advance(Start + 1 + (2 * Second) - 1);
        Assert.StartsWith("Added c", _log.Take()[^1], StringComparison.Ordinal);
        _pool.Advance(Start + 1 + (2 * Second));
        Assert.Equal(["dropped b from s1", "returned a from s1"], _log.Take());
        List<string> ranked = [];
        _pool.Rank(ranked);
        Assert.Equal(["a", "c"], ranked);
    }

    [Fact]
    public void WhoLeavesCostsThePartnerNoTurn()
    {
        _pool.Enqueue(Of("a", Start), Start);
        _pool.Enqueue(Of("b", Start + 1), Start + 1);
        _pool.Enqueue(Of("c", Start + 2), Start + 2);
        Assert.True(_pool.Withdraw("b", 1, Start + 3));
        Assert.Equal(["returned a from s1", "proposed s2: c and a, 71 []"], _log.Lines[^2..]);
        Assert.False(_pool.Withdraw("b", 1, Start + 3));
    }

    [Fact]
    public void TheBestIsTakenButTheLongestWaitingIsPassedOverOnlySoOften()
    {
        // Nobody of these meets another, and all of them meet whoever is global.
        _pool.Enqueue(Of("old", Start, static join => join with { Region = "r0" }), Start);
        for (var i = 1; i <= 4; i++)
        {
            var region = $"r{i}";
            _pool.Enqueue(Of($"fit{i}", Start + i, join => join with { Region = region, Interests = ["x"] }), Start + i);
        }

        for (var i = 1; i <= 4; i++)
        {
            _pool.Enqueue(Of($"seeker{i}", Start + 10 + i, static join => join with { Interests = ["x"] }), Start + 10 + i);
        }

        Assert.Equal(["fit1", "fit2", "fit3", "old"], _log.Matches.Select(static match => match.Second.DeviceId));
    }

    [Fact]
    public void AnUrgentOneGoesFirst()
    {
        _pool.Enqueue(Of("old", Start, static join => join with { Region = "r0" }), Start);
        _pool.Enqueue(Of("fit", Start + (20 * Second), static join => join with { Region = "r1", Interests = ["x"] }), Start + (20 * Second));
        _pool.Advance(Start + (31 * Second));
        _pool.Enqueue(Of("seeker", Start + (31 * Second), static join => join with { Interests = ["x"] }), Start + (31 * Second));
        Assert.Equal("old", _log.Matches[0].Second.DeviceId);
    }

    [Fact]
    public void TheBestIsFoundByItsInterestAmongMany()
    {
        for (var i = 0; i < 1000; i++)
        {
            var number = i;
            _pool.Enqueue(Of($"d{i}", Start + i, join => join with { Region = $"r{number}", Interests = [$"i{number}"] }), Start + i);
        }

        _pool.Enqueue(Of("seeker", Start + 1000, static join => join with { Interests = ["y", "i777"] }), Start + 1000);
        Assert.Equal(("d777", 1), (_log.Matches[0].Second.DeviceId, _log.Matches[0].CommonInterests.Count));
    }

    [Fact]
    public void ThresholdsGrowWithTheNumberThatWaitsAndWhatIsRelaxedStaysSo()
    {
        for (var i = 0; i < 51; i++)
        {
            var region = $"r{i}";
            _pool.Enqueue(Of($"d{i}", Start, join => join with { Region = region }), Start);
        }

        Assert.Equal((MatchRelaxation.Urgent, 90.0), Next("d0", Start));
        _pool.Withdraw("d50", 1, Start);
        Assert.Equal((MatchRelaxation.Urgent, 60.0), Next("d0", Start));
        for (var i = 9; i < 50; i++)
        {
            _pool.Withdraw($"d{i}", 1, Start);
        }

        Assert.Equal((MatchRelaxation.Urgent, 30.0), Next("d0", Start));
        _pool.Advance(Start + (31 * Second));
        Assert.Equal((MatchRelaxation.Rematch, 59.0), Next("d0", Start + (31 * Second)));
        for (var i = 9; i < 60; i++)
        {
            var region = $"r{i}";
            _pool.Enqueue(Of($"d{i}", Start + (31 * Second), join => join with { Region = region }), Start + (31 * Second));
        }

        Assert.Equal((MatchRelaxation.Rematch, 59.0), Next("d0", Start + (31 * Second)));
        _pool.Advance(Start + (91 * Second));
        Assert.Equal((MatchRelaxation.None, 0.0), Next("d0", Start + (91 * Second)));
    }

    [Fact]
    public void ProgressTellsPlaceSizeAndAnEstimateFromRecentWaits()
    {
        for (var i = 0; i < 5; i++)
        {
            _pool.Enqueue(Of($"a{i}", Start), Start);
            _pool.Enqueue(Of($"b{i}", Start - (40 * Second)), Start);
            _pool.Confirm($"s{i + 1}", $"a{i}", Start);
            _pool.Confirm($"s{i + 1}", $"b{i}", Start);
        }

        _pool.Enqueue(Of("x", Start, static join => join with { Region = "r1" }), Start);
        _pool.Enqueue(Of("y", Start + 1, static join => join with { Region = "r2" }), Start + 1);
        Assert.True(_pool.TryDescribe("y", Start + (10 * Second), out var ticket, out var progress));
        Assert.Equal("y", ticket.DeviceId);
        Assert.Equal((2, 2, 30.001), (progress.Position, progress.PoolSize, Math.Round(progress.Estimate.TotalSeconds, 3)));
        Assert.True(_pool.TryDescribe("y", Start + (50 * Second), out _, out progress));
        Assert.Equal(6, progress.Estimate.TotalSeconds);
        Assert.False(_pool.TryDescribe("z", Start, out _, out _));
    }

    [Fact]
    public void WhatIsDueIsDoneInPortions()
    {
        for (var i = 0; i < 9; i++)
        {
            var region = $"r{i}";
            _pool.Enqueue(Of($"d{i}", Start, join => join with { Region = region }), Start);
        }

        var portions = 1;
        while (_pool.Advance(Start + (31 * Second), 2))
        {
            portions++;
        }

        Assert.Equal(5, portions);
        Assert.Equal(MatchRelaxation.Rematch, Next("d8", Start + (31 * Second)).Next);
    }

    private (MatchRelaxation Next, double Seconds) Next(string deviceId, long now)
    {
        Assert.True(_pool.TryDescribe(deviceId, now, out _, out var progress));
        return (progress.Next, progress.NextIn.TotalSeconds);
    }
}
