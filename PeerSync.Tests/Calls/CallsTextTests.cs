using PeerSync.Protocol.Calls;

namespace PeerSync.Tests.Calls;

public sealed class CallsTextTests
{
    [Theory]
    [InlineData("  hi  ", "hi")]
    [InlineData("a <3 b", "a <3 b")]
    [InlineData("1 < 2 > 0", "1  0")]
    [InlineData("<>x", "x")]
    [InlineData("<SCRIPT src=x>a<b>c</ScRiPt>d", "d")]
    [InlineData("<script>never closed", "never closed")]
    [InlineData("<scripted>kept</scripted>", "kept")]
    [InlineData("x<script>1</script>y<script>2</script>z", "xyz")]
    [InlineData("JavaScript:alert(1)", "alert(1)")]
    [InlineData("onclick=1", "1")]
    [InlineData("button onMouse_Over=x", "button x")]
    [InlineData("xonclick=1", "x1")]
    [InlineData("on=1 once upon = a", "on=1 once upon = a")]
    [InlineData("a\u0000b\u001b[31m\tc\nd\u0085", "ab[31m\tc\nd")]
    [InlineData("\U0001F600", "\U0001F600")]
    public void MarkupIsTakenOut(string text, string expected) => Assert.Equal(expected, CallsText.Sanitise(text));

    [Theory]
    [InlineData("", 0)]
    [InlineData("abc", 3)]
    [InlineData("\U0001F600\U0001F600", 2)]
    public void PairsCountAsOne(string text, int length) => Assert.Equal(length, CallsText.Length(text));

    [Fact]
    public void HalvesOfPairsCountByThemselvesAndAreNoEmoji()
    {
        Assert.Equal(2, CallsText.Length("\uD83D\uD83D\uDE00"));
        Assert.Equal(2, CallsText.Length("\uDE00\uD83D"));
        Assert.False(CallsEmoji.IsReaction("\uD83D"));
    }

    [Theory]
    [InlineData("❤️")]
    [InlineData("😂")]
    [InlineData("🔥")]
    [InlineData("👍🏽")]
    [InlineData("☀")]
    [InlineData("🇩🇪")]
    [InlineData("👨‍👩‍👧‍👦")]
    [InlineData("🏳️‍🌈")]
    [InlineData("🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F")]
    [InlineData("1️⃣")]
    [InlineData("✨👍😂🇩🇪")]
    [InlineData("🤷‍♀️")]
    [InlineData("©️")]
    public void EmojiAreReactions(string text) => Assert.True(CallsEmoji.IsReaction(text));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("1")]
    [InlineData("#")]
    [InlineData("✨hello")]
    [InlineData("a😀")]
    [InlineData("👍 👍")]
    [InlineData("👍👍👍👍👍")]
    [InlineData("🇩")]
    [InlineData("👍\u200D")]
    [InlineData("👍\u200Dx")]
    [InlineData("😀\u0301")]
    [InlineData("é")]
    public void OtherTextsAreNot(string text) => Assert.False(CallsEmoji.IsReaction(text));

    [Theory]
    [InlineData("please KYS now", CallsSeverity.High, "harassment")]
    [InlineData("go  die", CallsSeverity.High, "harassment")]
    [InlineData("Kill yourself", CallsSeverity.High, "harassment")]
    [InlineData("i hate u", CallsSeverity.High, "harassment")]
    [InlineData("you LOSER!", CallsSeverity.High, "harassment")]
    [InlineData("closers and hate university", CallsSeverity.None, "none")]
    [InlineData("what the fuuuuckk", CallsSeverity.Medium, "profanity")]
    [InlineData("heyyyyyy", CallsSeverity.Medium, "spam")]
    [InlineData("heyyyyy", CallsSeverity.None, "none")]
    [InlineData("http://a.bhttps://c.dhttp://e.f", CallsSeverity.Medium, "spam")]
    [InlineData("http://a.b https://c.d http://e.f", CallsSeverity.None, "none")]
    [InlineData("call 0123456789", CallsSeverity.Medium, "spam")]
    [InlineData("mail me: a.b+c@example.co.uk", CallsSeverity.Medium, "spam")]
    [InlineData("my snapchat is x", CallsSeverity.Low, "personal-information")]
    [InlineData("follow me on y", CallsSeverity.Low, "personal-information")]
    [InlineData("dm me", CallsSeverity.Low, "personal-information")]
    [InlineData("hello there", CallsSeverity.None, "none")]
    public void TheSameTextIsJudgedTheSameEveryTime(string text, CallsSeverity severity, string category)
    {
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(new CallsFinding(severity, category), CallsScreening.Screen(text));
        }
    }

    [Fact]
    public void SanctionsGrow()
    {
        Assert.Equal([CallsSanction.Warning, CallsSanction.Restriction, CallsSanction.Ban, CallsSanction.Ban], Enumerable.Range(1, 4).Select(CallsScreening.Sanction));
        Assert.Equal("Your message was blocked: Harassment or threatening language detected. Warning 1/3.", CallsScreening.BlockedText(1));
        Assert.EndsWith("Warning 3/3.", CallsScreening.BlockedText(9), StringComparison.Ordinal);
        Assert.Equal(
            "You are currently restricted from sending messages. Restriction ends at 2026-01-02 02:04:05 UTC",
            CallsScreening.RestrictedText(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(1))));
    }
}
