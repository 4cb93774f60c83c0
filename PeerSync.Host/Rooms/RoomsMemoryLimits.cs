using PeerSync.Host.Configuration;

namespace PeerSync.Host.Rooms;

/// <summary>The thresholds of the memory in use, in megabytes.</summary>
/// <param name="Warning">From here on the log warns; below it rooms are opened again.</param>
/// <param name="Critical">From here on nobody new is let in.</param>
internal sealed record RoomsMemoryLimits(int Warning, int Critical)
{
    /// <summary>As configured, or shares of what the machine or the container has.</summary>
    public static RoomsMemoryLimits Of(PeerSyncOptions options) =>
        new(Megabytes(options.Rooms.MemoryWarning, share: 0.6), Megabytes(options.Rooms.MemoryCritical, share: 0.8));

    private static int Megabytes(int configured, double share) =>
        configured > 0 ? configured : (int)(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * share / (1024 * 1024));
}
