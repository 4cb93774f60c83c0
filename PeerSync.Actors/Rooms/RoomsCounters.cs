using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using PeerSync.Protocol.Rooms;

namespace PeerSync.Actors.Rooms;

/// <summary>Counts what the Rooms feature does. Written by the actors, read by the metrics and the overload guard; thread-safe.</summary>
public sealed class RoomsCounters
{
    private static readonly int Forms = Enum.GetValues<RoomsForm>().Length;
    private static readonly int Types = Enum.GetValues<RoomsFrameType>().Length;

    private readonly long[] _connections = new long[Forms];
    private readonly long[] _received = new long[Forms * Types];
    private readonly long[] _relayed = new long[Forms * Types];

    // By their codes, of which there are a dozen.
    private readonly ConcurrentDictionary<string, StrongBox<long>> _errors = new(StringComparer.Ordinal);
    private long _roomsActive;
    private long _roomsIdle;
    private long _members;
    private long _authenticated;
    private long _refused;
    private long _tokens;

    /// <summary>Rooms with members.</summary>
    public long RoomsActive => Interlocked.Read(ref _roomsActive);

    /// <summary>Rooms without members.</summary>
    public long RoomsIdle => Interlocked.Read(ref _roomsIdle);

    /// <summary>All rooms.</summary>
    public long Rooms => RoomsActive + RoomsIdle;

    /// <summary>Members of all rooms.</summary>
    public long Members => Interlocked.Read(ref _members);

    /// <summary>Authentications that succeeded, since the start.</summary>
    public long AuthenticationsOk => Interlocked.Read(ref _authenticated);

    /// <summary>Authentications that were refused, since the start.</summary>
    public long AuthenticationsRefused => Interlocked.Read(ref _refused);

    /// <summary>Tokens issued, since the start.</summary>
    public long TokensIssued => Interlocked.Read(ref _tokens);

    /// <summary>Errors sent to clients, by their codes, since the start.</summary>
    public IEnumerable<KeyValuePair<string, long>> Errors => _errors.Select(static error => KeyValuePair.Create(error.Key, Interlocked.Read(ref error.Value.Value)));

    /// <summary>Set while the server is short of memory: nobody new is let in.</summary>
    public bool IsOverloaded { get; set; }

    /// <summary>Open sockets of a form.</summary>
    public long Connections(RoomsForm form) => Interlocked.Read(ref _connections[(int)form]);

    /// <summary>Frames received, since the start.</summary>
    public long Received(RoomsForm form, RoomsFrameType type) => Interlocked.Read(ref _received[Index(form, type)]);

    /// <summary>Frames handed to members, one for each receiver, by the sender's form, since the start.</summary>
    public long Relayed(RoomsForm form, RoomsFrameType type) => Interlocked.Read(ref _relayed[Index(form, type)]);

    /// <summary>A token was issued.</summary>
    public void TokenIssued() => Interlocked.Increment(ref _tokens);

    internal void Authenticated() => Interlocked.Increment(ref _authenticated);

    internal void AuthenticationRefused() => Interlocked.Increment(ref _refused);

    internal void RoomOpened() => Interlocked.Increment(ref _roomsIdle);

    internal void RoomClosed(bool wasActive) => Interlocked.Decrement(ref wasActive ? ref _roomsActive : ref _roomsIdle);

    internal void RoomChanged(bool isActive)
    {
        Interlocked.Add(ref _roomsActive, isActive ? 1 : -1);
        Interlocked.Add(ref _roomsIdle, isActive ? -1 : 1);
    }

    internal void MembersChanged(int difference) => Interlocked.Add(ref _members, difference);

    internal void Connected(RoomsForm form) => Interlocked.Increment(ref _connections[(int)form]);

    internal void Disconnected(RoomsForm form) => Interlocked.Decrement(ref _connections[(int)form]);

    internal void ErrorSent(RoomsError error) => Interlocked.Increment(ref _errors.GetOrAdd(error.Code, static _ => new StrongBox<long>()).Value);

    internal void FrameReceived(RoomsForm form, RoomsFrameType type) => Interlocked.Increment(ref _received[Index(form, type)]);

    internal void FrameRelayed(RoomsForm form, RoomsFrameType type, int receivers) => Interlocked.Add(ref _relayed[Index(form, type)], receivers);

    private static int Index(RoomsForm form, RoomsFrameType type) => ((int)form * Types) + (int)type;
}
