namespace PeerSync.Storage.Calls;

/// <summary>How well others fared with a device (Calls contract, section 6.6). It only feeds the score of a match.</summary>
internal static class CallsRating
{
    private const int Base = 70;
    private const int PerReport = 10;
    private const int MostForReports = 50;

    /// <summary>The rating, 0 to 100.</summary>
    /// <param name="calls">Calls that have ended, at least one.</param>
    /// <param name="skips">Those that this device skipped.</param>
    /// <param name="seconds">Their length together.</param>
    /// <param name="acceptedReports">Reports against it that a moderator found right.</param>
    public static int Of(long calls, long skips, long seconds, long acceptedReports)
    {
        var mean = (double)seconds / calls;
        var skipRate = (double)skips / calls;
        var forDuration = mean > 120 ? 20 : mean > 60 ? 10 : mean > 30 ? 5 : 0;
        var forPatience = skipRate < 0.2 ? 30 : skipRate < 0.5 ? 15 : -10;
        var forReports = (int)Math.Min(MostForReports, PerReport * acceptedReports);
        return Math.Clamp(Base + forDuration + forPatience - forReports, 0, 100);
    }
}
