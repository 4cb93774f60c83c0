using PeerSync.Kernel;

namespace PeerSync.Actors.Rooms;

/// <summary>Asks which rooms exist. Answered with <see cref="RoomList"/>.</summary>
/// <param name="Max">At most this many, the oldest first.</param>
public sealed record ListRooms(int Max);

/// <summary>Rooms that exist.</summary>
/// <param name="RoomIds">Their names, the oldest first.</param>
/// <param name="Total">How many there are in all.</param>
public sealed record RoomList(IReadOnlyList<string> RoomIds, int Total);

/// <summary>Sweeps every room now. Answered with <see cref="RoomsSwept"/> when all have been asked.</summary>
public sealed class SweepRooms
{
    private SweepRooms()
    {
    }

    /// <summary>The one instance.</summary>
    public static SweepRooms Instance { get; } = new();
}

/// <summary>All rooms have been asked to sweep themselves.</summary>
/// <param name="Before">How many rooms there were.</param>
public sealed record RoomsSwept(int Before);

internal sealed record RoomsStarted(IActorRef Rooms);

internal sealed record RoomOpened(string RoomId);

internal sealed record RoomClosed(string RoomId);

/// <summary>Knows the names of all rooms, for lists, and has each swept at times. Knows nothing of who is in them.</summary>
/// <param name="settings">How often to sweep.</param>
public sealed class RoomsIndexActor(RoomsSettings settings) : UntypedActor, IWithTimers
{
    private readonly Dictionary<string, long> _numbers = new(StringComparer.Ordinal);
    private readonly SortedDictionary<long, string> _rooms = [];
    private long _last;
    private IActorRef _region = ActorRefs.Nobody;

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc />
    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(SweepRooms), SweepRooms.Instance, settings.CleanupInterval);

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RoomsStarted started:
                _region = started.Rooms;
                break;
            case RoomOpened opened:
                if (_numbers.TryAdd(opened.RoomId, ++_last))
                {
                    _rooms.Add(_last, opened.RoomId);
                }

                break;
            case RoomClosed closed:
                if (_numbers.Remove(closed.RoomId, out var number))
                {
                    _rooms.Remove(number);
                }

                break;
            case ListRooms list:
                Sender.Tell(new RoomList([.. _rooms.Values.Take(list.Max)], _rooms.Count), Self);
                break;
            case SweepRooms:
                foreach (var roomId in _rooms.Values)
                {
                    _region.Tell(new SweepRoom(roomId), Self);
                }

                Sender.Tell(new RoomsSwept(_rooms.Count), Self);
                break;
        }
    }
}
