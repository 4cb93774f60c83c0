namespace PeerSync.Host.Health;

/// <summary>Liveness (Peers contract, section 5.3).</summary>
internal sealed record LiveAnswer(string Status, string Env);

/// <summary>Liveness as the README of Dev Connect shows it.</summary>
internal sealed record TimedLiveAnswer(string Status, string Env, string Timestamp);

/// <summary>Readiness.</summary>
internal sealed record ReadyAnswer(string Status, string Env, string Timestamp, OrderedDictionary<string, string> Checks);

/// <summary>Liveness with the process's memory (Rooms contract, section 11).</summary>
/// <param name="Status">Always <c>ok</c>.</param>
/// <param name="Timestamp">Milliseconds since 1970: the one health answer that tells the time as a number.</param>
/// <param name="Memory">What the process holds.</param>
internal sealed record MemoryLiveAnswer(string Status, long Timestamp, MemoryAnswer Memory);

/// <summary>The process's memory in megabytes and percent.</summary>
/// <param name="HeapUsed">Live objects and what the collector has not freed yet.</param>
/// <param name="HeapTotal">What the collector holds from the system.</param>
/// <param name="HeapPercent"><paramref name="HeapUsed"/> in percent of <paramref name="HeapTotal"/>.</param>
/// <param name="External">What the process holds outside the collected heap.</param>
internal sealed record MemoryAnswer(long HeapUsed, long HeapTotal, int HeapPercent, long External)
{
    private const double Megabyte = 1024 * 1024;

    /// <summary>As it is now.</summary>
    public static MemoryAnswer Current =>
        From(GC.GetTotalMemory(forceFullCollection: false), GC.GetGCMemoryInfo().TotalCommittedBytes, Environment.WorkingSet);

    /// <param name="used">Bytes in use on the heap.</param>
    /// <param name="committed">Bytes that the collector has committed.</param>
    /// <param name="resident">Bytes of the whole process.</param>
    public static MemoryAnswer From(long used, long committed, long resident)
    {
        // Before the first collection nothing is known of what is committed.
        var total = Math.Max(used, committed);
        var percent = total == 0 ? 0 : (int)Math.Round(100.0 * used / total);
        return new MemoryAnswer(ToMegabytes(used), ToMegabytes(total), percent, ToMegabytes(Math.Max(0, resident - total)));
    }

    private static long ToMegabytes(long bytes) => (long)Math.Round(bytes / Megabyte);
}
