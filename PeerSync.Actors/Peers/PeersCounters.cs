using PeerSync.Actors.Identity;

namespace PeerSync.Actors.Peers;

/// <summary>Counts what the Peers feature does. Written by the actors, read by the metrics; thread-safe.</summary>
public sealed class PeersCounters
{
    private readonly long[] _logins = new long[Enum.GetValues<TokenStatus>().Length];
    private long _peersOnline;
    private long _sessionsOpen;
    private long _requestsOpen;
    private long _messagesRelayed;
    private long _presenceDeliveries;

    /// <summary>Registered peers.</summary>
    public long PeersOnline => Interlocked.Read(ref _peersOnline);

    /// <summary>Open sessions.</summary>
    public long SessionsOpen => Interlocked.Read(ref _sessionsOpen);

    /// <summary>Requests that wait for an answer.</summary>
    public long RequestsOpen => Interlocked.Read(ref _requestsOpen);

    /// <summary>Messages passed from one member of a session to the other, since the start.</summary>
    public long MessagesRelayed => Interlocked.Read(ref _messagesRelayed);

    /// <summary>Presence announcements sent, one per receiver, since the start.</summary>
    public long PresenceDeliveries => Interlocked.Read(ref _presenceDeliveries);

    /// <summary>Logins by outcome, since the start.</summary>
    public long Logins(TokenStatus status) => Interlocked.Read(ref _logins[(int)status]);

    internal void PeerRegistered() => Interlocked.Increment(ref _peersOnline);

    internal void PeerGone() => Interlocked.Decrement(ref _peersOnline);

    internal void SessionOpened() => Interlocked.Increment(ref _sessionsOpen);

    internal void SessionClosed() => Interlocked.Decrement(ref _sessionsOpen);

    internal void RequestOpened() => Interlocked.Increment(ref _requestsOpen);

    internal void RequestClosed() => Interlocked.Decrement(ref _requestsOpen);

    internal void MessageRelayed() => Interlocked.Increment(ref _messagesRelayed);

    internal void PresenceDelivered(int receivers) => Interlocked.Add(ref _presenceDeliveries, receivers);

    internal void LoggedIn(TokenStatus status) => Interlocked.Increment(ref _logins[(int)status]);
}
