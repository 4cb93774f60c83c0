namespace PeerSync.Storage.Databases;

/// <summary>Times as both engines keep them: whole microseconds in UTC. .NET counts tenths of them.</summary>
internal static class Microseconds
{
    /// <summary>Microseconds since 1970-01-01T00:00:00Z; the rest is cut off.</summary>
    public static long From(DateTimeOffset time) =>
        (time.UtcTicks / TimeSpan.TicksPerMicrosecond) - (DateTimeOffset.UnixEpoch.Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>The inverse of <see cref="From"/>.</summary>
    public static DateTimeOffset ToTime(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    /// <summary>The current time, cut off so that what is returned to a caller equals what a later read returns.</summary>
    public static DateTimeOffset Now(TimeProvider time) => ToTime(From(time.GetUtcNow()));
}
