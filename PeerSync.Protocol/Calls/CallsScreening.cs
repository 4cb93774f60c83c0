using System.Globalization;
using System.Text.RegularExpressions;

namespace PeerSync.Protocol.Calls;

/// <summary>What the screening found in a chat message.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Category"><c>harassment</c>, <c>profanity</c>, <c>spam</c>, <c>personal-information</c>, or <c>none</c>.</param>
public readonly record struct CallsFinding(CallsSeverity Severity, string Category);

/// <summary>Screens chat messages (Calls contract, section 7). Keeps nothing between calls: the same text is judged the same every time.</summary>
/// <remarks>Pure functions, safe on any thread. Repetitions in the patterns are bounded, so that no text takes long.</remarks>
public static partial class CallsScreening
{
    /// <summary>How many times a sender is warned; the last time counts for all later ones.</summary>
    public const int MaxWarnings = 3;

    private const int MaxRun = 5;

    private const RegexOptions Plain = RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;

    /// <summary>Judges a text.</summary>
    /// <param name="text">Sanitised, at most a few thousand characters.</param>
    public static CallsFinding Screen(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Harassment().IsMatch(text) ? new CallsFinding(CallsSeverity.High, "harassment")
            : Profanity().IsMatch(text) ? new CallsFinding(CallsSeverity.Medium, "profanity")
            : HasLongRun(text) || Spam().IsMatch(text) ? new CallsFinding(CallsSeverity.Medium, "spam")
            : PersonalInformation().IsMatch(text) ? new CallsFinding(CallsSeverity.Low, "personal-information")
            : new CallsFinding(CallsSeverity.None, "none");
    }

    /// <summary>What the sender of a blocked message is told.</summary>
    /// <param name="warning">Its how manieth; 1 or more.</param>
    public static string BlockedText(int warning) => string.Create(
        CultureInfo.InvariantCulture,
        $"Your message was blocked: Harassment or threatening language detected. Warning {Math.Min(warning, MaxWarnings)}/{MaxWarnings}.");

    /// <summary>What the sender of a blocked message gets: a warning first, then a restriction of an hour, then one of a day, which is called a ban.</summary>
    /// <param name="warning">Its how manieth; 1 or more.</param>
    public static CallsSanction Sanction(int warning) => warning switch
    {
        <= 1 => CallsSanction.Warning,
        2 => CallsSanction.Restriction,
        _ => CallsSanction.Ban,
    };

    /// <summary>What somebody is told who may not chat for a while.</summary>
    /// <param name="end">When that ends; in UTC, because the server does not know the reader's clock.</param>
    public static string RestrictedText(DateTimeOffset end) => string.Create(
        CultureInfo.InvariantCulture,
        $"You are currently restricted from sending messages. Restriction ends at {end.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");

    private static bool HasLongRun(string text)
    {
        var run = 0;
        var last = '\0';
        foreach (var unit in text)
        {
            var lower = char.ToLowerInvariant(unit);
            run = lower == last && !char.IsWhiteSpace(lower) ? run + 1 : 1;
            if (run > MaxRun)
            {
                return true;
            }

            last = lower;
        }

        return false;
    }

    [GeneratedRegex(
        @"\bkill\s{1,9}(?:yourself|your\s{1,9}self|urself|ur\s{1,9}self|yourselves)\b|\bkys\b"
        + @"|\bgo\s{1,9}die\b|\bhate\s{1,9}(?:you|u)\b|\b(?:worthless|pathetic|loser)\b",
        Plain)]
    private static partial Regex Harassment();

    [GeneratedRegex(
        @"\b(?:f{1,99}u{1,99}c{1,99}k|s{1,99}h{1,99}i{1,99}t|b{1,99}i{1,99}t{1,99}c{1,99}h"
        + @"|a{1,99}s{2,99}h{1,99}o{1,99}l{1,99}e|b{1,99}a{1,99}s{1,99}t{1,99}a{1,99}r{1,99}d)",
        Plain)]
    private static partial Regex Profanity();

    [GeneratedRegex(@"(?:https?://[^\s:]{1,500}){3}|[0-9]{10}|[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,8}\.[a-z]{2}", Plain)]
    private static partial Regex Spam();

    [GeneratedRegex(@"\bmy\s{1,9}(?:phone|number|email|address|instagram|snapchat|whatsapp|telegram)\b|\b(?:add|follow)\s{1,9}me\s{1,9}on\b|\bdm\s{1,9}me\b", Plain)]
    private static partial Regex PersonalInformation();
}
