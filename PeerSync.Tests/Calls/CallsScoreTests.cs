using PeerSync.Protocol.Calls;

namespace PeerSync.Tests.Calls;

public sealed class CallsScoreTests
{
    private static readonly CallsProfile Plain = new("global", "en", QueueType.Casual, null, null, [], null, false, null);

    public static TheoryData<int, CallsProfile, CallsProfile, int> Checks { get; } = new()
    {
        // The recorded ones.
        { 71, Plain, Plain, 0 },
        { 73, Plain with { Region = "europe" }, Plain with { Region = "europe" }, 0 },
        { 70, Plain with { Region = "mars" }, Plain with { Region = "mars" }, 0 },
        { 78, Plain with { Interests = ["a", "b"] }, Plain with { Interests = ["c", "a"] }, 0 },
        { 91, Plain with { Interests = ["a", "b", "c"] }, Plain with { Interests = ["c", "a", "b"] }, 0 },
        { 91, Languages("en", "fr"), Languages("fr", "en"), 0 },
        { 91, Languages(null, null), Languages(null, null), 0 },
        { 86, Languages("en", "fr"), Languages("fr", "de"), 0 },
        { 81, Languages("en", "fr"), Languages("de", "fr"), 0 },
        { 64, Plain with { Rating = 60 }, Plain, 0 },

        // The others follow from the rules.
        { 71, Languages("en", "fr"), Languages("de", "it"), 0 },
        { 71, Languages("en", "fr"), Plain, 0 },
        { 61, Plain with { Region = "mars" }, Plain, 0 },
        { 48, Plain with { Region = "europe" }, Plain with { Region = "asia", Language = "en" }, 20 },
        { 50, Plain with { Region = "us-east" }, Plain with { Region = "us-west" }, 15 },
        { 58, Plain with { Rating = 30 }, Plain with { Rating = 70 }, 0 },
        { 54, Plain with { Rating = 39 }, Plain with { Rating = 69 }, 0 },
        { 54, Plain with { Rating = 29 }, Plain with { Rating = 100 }, 0 },
        { 79, Plain with { IsPremium = true }, Plain, 0 },
        { 78, Plain with { Age = 20 }, Plain with { Age = 23 }, 0 },
        { 75, Plain with { Age = 20 }, Plain with { Age = 27 }, 0 },
        { 72, Plain with { Age = 20 }, Plain with { Age = 32 }, 0 },
        { 69, Plain with { Age = 20 }, Plain with { Age = 33 }, 0 },
        { 75, Plain, Plain, 16 },
        { 79, Plain, Plain, 31 },
        { 83, Plain, Plain, 46 },
        { 100, Plain with { Interests = ["a", "b", "c"], IsPremium = true }, Plain with { Interests = ["a", "b", "c"] }, 46 },
    };

    [Theory]
    [MemberData(nameof(Checks))]
    public void TheScoreIsTheSumOfItsParts(int expected, CallsProfile first, CallsProfile second, int averageWait)
    {
        Assert.Equal(expected, CallsScore.Of(first, second, TimeSpan.FromSeconds(averageWait)));
        Assert.Equal(expected, CallsScore.Of(second, first, TimeSpan.FromSeconds(averageWait)));
    }

    [Fact]
    public void CommonInterestsAreInTheOrderOfTheFirst()
    {
        Assert.Equal(["c", "a"], CallsScore.CommonInterests(["c", "x", "a"], ["a", "b", "c"]));
        Assert.Empty(CallsScore.CommonInterests(["A"], ["a"]));
    }

    [Theory]
    [InlineData("europe", "europe")]
    [InlineData("global", "global")]
    [InlineData("mars", "other")]
    public void LabelsAreBounded(string region, string label) => Assert.Equal(label, CallsRegions.Label(region));

    [Fact]
    public void LanguagesOutsideTheListAreOthers()
    {
        Assert.Equal("en", CallsLanguages.Label("en"));
        Assert.Equal("other", CallsLanguages.Label("xx"));
    }

    private static CallsProfile Languages(string? native, string? learning) =>
        Plain with { QueueType = QueueType.Language, NativeLanguage = native, LearningLanguage = learning };
}
