using PeerSync.Actors.Rooms;
using PeerSync.Kernel;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace PeerSync.Host.Rooms;

/// <summary>Watches the memory in use: warns, and above the critical threshold lets nobody new in until it has gone down again.</summary>
internal sealed partial class RoomsMemoryGuard(
    RoomsMemoryLimits limits, Func<long> usedBytes, RoomsCounters counters, RoomsRegions regions, TimeProvider time, ILogger<RoomsMemoryGuard> logger)
    : IHostedService, IDisposable
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private const long Megabyte = 1024 * 1024;

    private ITimer? _timer;
    private bool _hasWarned;

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = time.CreateTimer(static self => ((RoomsMemoryGuard)self!).Check(), this, Interval, Interval);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _timer?.Dispose();

    /// <summary>Looks now.</summary>
    internal void Check()
    {
        var used = usedBytes() / Megabyte;
        if (used >= limits.Critical && !counters.IsOverloaded)
        {
            counters.IsOverloaded = true;
            Log.Critical(logger, used, limits.Critical);
            regions.Index.Tell(SweepRooms.Instance, ActorRefs.NoSender);
        }
        else if (used < limits.Warning && counters.IsOverloaded)
        {
            // Not at the threshold itself, or the door would open and shut with every collection.
            counters.IsOverloaded = false;
            Log.Recovered(logger, used);
        }

        var warns = used >= limits.Warning;
        if (warns && !_hasWarned)
        {
            Log.Warning(logger, used, limits.Warning);
        }

        _hasWarned = warns;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Used} MB of memory are in use; the warning threshold is {Threshold} MB.", EventName = "MemoryWarning")]
        public static partial void Warning(ILogger logger, long used, int threshold);

        [LoggerMessage(2, LogLevel.Error, "{Used} MB of memory are in use; above {Threshold} MB nobody new is let into rooms.", EventName = "MemoryCritical")]
        public static partial void Critical(ILogger logger, long used, int threshold);

        [LoggerMessage(3, LogLevel.Information, "{Used} MB of memory are in use; rooms are open again.", EventName = "MemoryRecovered")]
        public static partial void Recovered(ILogger logger, long used);
    }
}
