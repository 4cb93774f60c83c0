using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Peers;
using PeerSync.Protocol.Sessions;

namespace PeerSync.Actors.Sessions;

/// <summary>A message to one session.</summary>
public interface ISessionMessage
{
    /// <summary>The session it is for.</summary>
    SessionId SessionId { get; }
}

/// <summary>One side of a session, as it is introduced to the other.</summary>
/// <param name="UserId">Who it is.</param>
/// <param name="Profile">How it presents itself.</param>
public sealed record SessionMember(UserId UserId, PeerProfile Profile);

/// <summary>Opens a session after a request was accepted.</summary>
/// <param name="SessionId">The new session.</param>
/// <param name="RequestId">The accepted request.</param>
/// <param name="Host">Who asked.</param>
/// <param name="Guest">Who accepted.</param>
public sealed record OpenSession(SessionId SessionId, RequestId RequestId, SessionMember Host, SessionMember Guest) : IEntityMessage, ISessionMessage;

/// <summary>A member has no connection any more; the session waits for it for a while.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="UserId">Who is away.</param>
public sealed record MemberAbsent(SessionId SessionId, UserId UserId) : IEntityMessage, ISessionMessage;

/// <summary>A member is back.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="UserId">Who is back.</param>
public sealed record MemberBack(SessionId SessionId, UserId UserId) : IEntityMessage, ISessionMessage;

/// <summary>A member ends the session.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="UserId">Who ends it, as its connection vouches.</param>
public sealed record EndSession(SessionId SessionId, UserId UserId) : IEntityMessage, ISessionMessage;
