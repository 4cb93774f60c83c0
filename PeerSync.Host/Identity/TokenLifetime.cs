using System.Globalization;

namespace PeerSync.Host.Identity;

/// <summary>
/// Reads how long a token is in force: digits and an optional <c>s</c>, <c>m</c>, <c>h</c> or <c>d</c>; seconds without one (Peers contract, section 4.6).
/// </summary>
internal static class TokenLifetime
{
    /// <summary>The longest lifetime of a token that is issued here.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromDays(365);

    /// <summary>Reads a lifetime; false unless it has that form, is longer than nothing and not longer than <see cref="Max"/>.</summary>
    public static bool TryParse(string text, out TimeSpan lifetime)
    {
        lifetime = default;
        var unit = text.Length > 0 ? text[^1] : '\0';
        var seconds = unit switch
        {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            _ => 0,
        };
        var digits = seconds == 0 ? text : text[..^1];
        if (!uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return false;
        }

        var total = (long)count * Math.Max(seconds, 1);
        if (total <= 0 || total > Max.TotalSeconds)
        {
            return false;
        }

        lifetime = TimeSpan.FromSeconds(total);
        return true;
    }
}
