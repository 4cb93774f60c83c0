using PeerSync.Bench.Load;
using PeerSync.Bench.Load.Sockets;

namespace PeerSync.Bench.Rooms;

/// <summary>What the scenarios of one run of the Rooms benchmark share.</summary>
internal sealed class RoomsRun(RoomsOptions options, IReadOnlyList<EventLoop> loops, IReadOnlyList<RoomTarget> targets, CancellationToken cancellation)
    : TargetRun(loops, targets, cancellation)
{
    /// <summary>Descriptors of a server or of the client that are not connections of a scenario.</summary>
    private const int ReservedFiles = 500;

    public RoomsOptions Options => options;

    /// <summary>Measures all targets, round by round.</summary>
    public Task ForEachAsync(string what, Func<RoomTarget, int, Task> measure) => ForEachAsync(options.Rounds, what, measure);

    /// <summary>Raises the limit of open files, which a server inherits, as far as it may.</summary>
    /// <returns>How many connections it then allows, at most as many as were wanted.</returns>
    public static int AllowConnections(int wanted) => (int)Math.Min(wanted, Libc.RaiseOpenFiles(wanted + ReservedFiles) - ReservedFiles);
}
