using System.Globalization;

namespace PeerSync.Protocol.Calls;

/// <summary>The lifetime of tokens as <c>JWT_EXPIRATION</c> says it (Calls contract, section 3.4).</summary>
public static class CallsTokenLifetime
{
    /// <summary>The lifetime that a text without a number stands for.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(300);

    // A century: what is longer is a slip, and must not overflow.
    private const long MaxSeconds = 100L * 365 * 24 * 3600;

    /// <summary>
    /// Reads digits with an optional <c>ms</c>, <c>s</c>, <c>m</c>, <c>h</c> or <c>d</c> in any case; no unit is seconds, milliseconds are cut to seconds.
    /// Of any other text the leading digits are seconds, and a text without them is <see cref="Default"/>.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <returns>At least a second, at most a century.</returns>
    public static TimeSpan Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        digits = digits < 0 ? text.Length : digits;
        if (digits == 0)
        {
            return Default;
        }

        var number = long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : long.MaxValue;
        var unit = text[digits..].ToUpperInvariant();
        var seconds = unit switch
        {
            "MS" => number / 1000,
            "M" => Scale(number, 60),
            "H" => Scale(number, 3600),
            "D" => Scale(number, 86400),
            _ => number,
        };
        return TimeSpan.FromSeconds(Math.Clamp(seconds, 1, MaxSeconds));
    }

    private static long Scale(long number, long seconds) => Math.Min(number, MaxSeconds) * seconds;
}
