namespace PeerSync.Protocol.Calls;

/// <summary>How well two devices fit, from 0 to 100 (Calls contract, section 6.4).</summary>
/// <remarks>Pure functions, safe on any thread. The order of the two does not matter for the score.</remarks>
public static class CallsScore
{
    /// <summary>What the score takes for the reputation of a device that has none.</summary>
    public const int DefaultRating = 70;

    private const int PerInterest = 7;
    private const int MaxForInterests = 20;

    /// <summary>The score of two devices.</summary>
    /// <param name="first">One side.</param>
    /// <param name="second">The other.</param>
    /// <param name="averageWait">How long the two have waited on average.</param>
    public static int Of(CallsProfile first, CallsProfile second, TimeSpan averageWait)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var score = Region(first.Region, second.Region)
            + CallsRegions.Latency(first.Region, second.Region)
            + (first.Language == second.Language ? 15 : 0)
            + Exchange(first, second)
            + Reputation(first.Rating ?? DefaultRating, second.Rating ?? DefaultRating)
            + Math.Min(MaxForInterests, PerInterest * CountCommon(first.Interests, second.Interests))
            + Wait(averageWait)
            + (first.IsPremium || second.IsPremium ? 8 : 0)
            + Age(first.Age, second.Age)
            + Zone(CallsRegions.HoursApart(first.Region, second.Region));
        return Math.Clamp(score, 0, 100);
    }

    /// <summary>The interests that both have, in the order of the first one's.</summary>
    public static IReadOnlyList<string> CommonInterests(IReadOnlyList<string> first, IReadOnlyList<string> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return CountCommon(first, second) == 0 ? [] : [.. first.Where(interest => Contains(second, interest))];
    }

    private static int CountCommon(IReadOnlyList<string> first, IReadOnlyList<string> second)
    {
        var count = 0;
        for (var i = 0; i < first.Count; i++)
        {
            count += Contains(second, first[i]) ? 1 : 0;
        }

        return count;
    }

    private static bool Contains(IReadOnlyList<string> interests, string interest)
    {
        for (var i = 0; i < interests.Count; i++)
        {
            if (interests[i] == interest)
            {
                return true;
            }
        }

        return false;
    }

    private static int Region(string first, string second) =>
        first == second ? 20 : first == CallsRegions.Global || second == CallsRegions.Global ? 10 : 0;

    private static int Exchange(CallsProfile first, CallsProfile second)
    {
        if (first.QueueType != QueueType.Language || second.QueueType != QueueType.Language)
        {
            return 0;
        }

        // Absent languages are equal: two who told none count as mutual.
        return (first.NativeLanguage == second.LearningLanguage, second.NativeLanguage == first.LearningLanguage) switch
        {
            (true, true) => 20,
            (true, false) or (false, true) => 15,
            _ => first.LearningLanguage is not null && first.LearningLanguage == second.LearningLanguage ? 10 : 0,
        };
    }

    private static int Reputation(int first, int second) => (Math.Min(first, second), Math.Max(first, second)) switch
    {
        ( >= 70, _) => 25,
        ( >= 40, _) => 18,
        ( >= 30, >= 70) => 12,
        _ => 8,
    };

    private static int Wait(TimeSpan average) => average.TotalSeconds switch
    {
        > 45 => 12,
        > 30 => 8,
        > 15 => 4,
        _ => 0,
    };

    private static int Age(int? first, int? second) => first is null || second is null ? 3 : Math.Abs(first.Value - second.Value) switch
    {
        <= 3 => 10,
        <= 7 => 7,
        <= 12 => 4,
        _ => 1,
    };

    private static int Zone(int hours) => hours switch
    {
        0 => 5,
        <= 3 => 4,
        <= 6 => 2,
        _ => 0,
    };
}
