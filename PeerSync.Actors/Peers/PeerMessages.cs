using PeerSync.Actors.Sessions;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Connections;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Peers;
using PeerSync.Protocol.Sessions;

namespace PeerSync.Actors.Peers;

/// <summary>A message to one user.</summary>
public interface IPeerMessage
{
    /// <summary>The user it is for.</summary>
    UserId UserId { get; }
}

/// <summary>A socket has authenticated as a user and becomes the user's connection; an earlier one is superseded. Sent by the connection, which gets
/// <see cref="ConnectionAttached"/> or <see cref="AttachFailed"/>.</summary>
/// <param name="UserId">The user.</param>
/// <param name="ConnectionId">The socket.</param>
/// <param name="AddressTag">The client's hashed address.</param>
/// <param name="Login">What is stored of the user at every login.</param>
public sealed record AttachConnection(UserId UserId, ConnectionId ConnectionId, string AddressTag, UserLogin Login) : IEntityMessage, IPeerMessage;

/// <summary>What a login tells of a user.</summary>
/// <param name="Email">The address, or empty.</param>
/// <param name="DisplayName">The name of the token.</param>
/// <param name="Provider">The provider in its stored form.</param>
/// <param name="AvatarUrl">The picture, or null.</param>
public sealed record UserLogin(string Email, string DisplayName, string Provider, string? AvatarUrl);

/// <summary>The user's socket is gone.</summary>
/// <param name="UserId">The user.</param>
/// <param name="ConnectionId">The socket; a detachment of an earlier one changes nothing.</param>
public sealed record DetachConnection(UserId UserId, ConnectionId ConnectionId) : IEntityMessage, IPeerMessage;

/// <summary>The user shows itself to its network, or changes how.</summary>
/// <param name="UserId">The user.</param>
/// <param name="ConnectionId">The socket it came from.</param>
/// <param name="Profile">How the user presents itself.</param>
public sealed record RegisterPeer(UserId UserId, ConnectionId ConnectionId, PeerProfile Profile) : IEntityMessage, IPeerMessage;

/// <summary>The user says how available it is.</summary>
/// <param name="UserId">The user.</param>
/// <param name="ConnectionId">The socket it came from.</param>
/// <param name="Status">The new status.</param>
public sealed record ChangeStatus(UserId UserId, ConnectionId ConnectionId, PeerStatus Status) : IEntityMessage, IPeerMessage;

/// <summary>The user asks who is there.</summary>
/// <param name="UserId">The user.</param>
/// <param name="ConnectionId">The socket it came from, which gets the list.</param>
/// <param name="Filter">Whom to list.</param>
public sealed record DiscoverPeers(UserId UserId, ConnectionId ConnectionId, PeersFilter Filter) : IEntityMessage, IPeerMessage;

/// <summary>The user asks another one for a session.</summary>
/// <param name="UserId">Who asks.</param>
/// <param name="ConnectionId">The socket it came from.</param>
/// <param name="Target">Whom it asks.</param>
public sealed record AskPeer(UserId UserId, ConnectionId ConnectionId, UserId Target) : IEntityMessage, IPeerMessage;

/// <summary>Somebody asks this user for a session.</summary>
/// <param name="UserId">Who is asked.</param>
/// <param name="RequestId">The request.</param>
/// <param name="Requester">Who asks.</param>
/// <param name="Network">The requester's network, or null.</param>
public sealed record OfferRequest(UserId UserId, RequestId RequestId, SessionMember Requester, NetworkId? Network) : IEntityMessage, IPeerMessage;

/// <summary>The requester's request did not reach its target.</summary>
/// <param name="UserId">The requester.</param>
/// <param name="RequestId">The request.</param>
/// <param name="Error">What the requester is told.</param>
public sealed record RequestRefused(UserId UserId, RequestId RequestId, PeersError Error) : IEntityMessage, IPeerMessage;

/// <summary>A request is over for one of its two sides.</summary>
/// <param name="UserId">The requester or the target.</param>
/// <param name="RequestId">The request.</param>
/// <param name="Peer">The other side.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="IsRequester">Whether <paramref name="UserId"/> is the one who asked.</param>
public sealed record RequestClosed(UserId UserId, RequestId RequestId, UserId Peer, RequestOutcome Outcome, bool IsRequester) : IEntityMessage, IPeerMessage;

/// <summary>A session was opened with this user as a member.</summary>
/// <param name="UserId">The member.</param>
/// <param name="SessionId">The session.</param>
/// <param name="AcceptedRequest">The request that the member had made, or null for the member who accepted it.</param>
/// <param name="Peer">The other member.</param>
public sealed record SessionOpened(UserId UserId, SessionId SessionId, RequestId? AcceptedRequest, SessionMember Peer) : IEntityMessage, IPeerMessage;

/// <summary>A session of this user has ended.</summary>
/// <param name="UserId">The member.</param>
/// <param name="SessionId">The session.</param>
/// <param name="Reason">One of <see cref="PeersReason"/>.</param>
/// <param name="Peer">The other member.</param>
public sealed record SessionEnded(UserId UserId, SessionId SessionId, string Reason, UserId Peer) : IEntityMessage, IPeerMessage;

/// <summary>The user's network was changed over REST.</summary>
/// <param name="UserId">The user.</param>
/// <param name="Network">The new network, or null.</param>
public sealed record MembershipChanged(UserId UserId, NetworkId? Network) : IEntityMessage, IPeerMessage;

/// <summary>A frame for a user's socket, if the user is registered. Announcements share one frame among all their receivers.</summary>
/// <param name="UserId">The user.</param>
/// <param name="Frame">The encoded frame; one reference belongs to this message.</param>
public sealed record DeliverFrame(UserId UserId, MessageBuffer Frame) : IEntityMessage, IPeerMessage;

/// <summary>The connection is the user's one now.</summary>
public sealed class ConnectionAttached
{
    private ConnectionAttached()
    {
    }

    /// <summary>The only instance.</summary>
    public static ConnectionAttached Instance { get; } = new();
}

/// <summary>The user's membership could not be read, so the login cannot be completed.</summary>
public sealed class AttachFailed
{
    private AttachFailed()
    {
    }

    /// <summary>The only instance.</summary>
    public static AttachFailed Instance { get; } = new();
}

/// <summary>Another socket has authenticated as the same user; this one must go.</summary>
public sealed class Superseded
{
    private Superseded()
    {
    }

    /// <summary>The only instance.</summary>
    public static Superseded Instance { get; } = new();
}
