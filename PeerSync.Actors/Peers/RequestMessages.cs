using PeerSync.Actors.Sessions;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Peers;

namespace PeerSync.Actors.Peers;

/// <summary>A message to one connection request.</summary>
public interface IRequestMessage
{
    /// <summary>The request it is for.</summary>
    RequestId RequestId { get; }
}

/// <summary>Opens a request that its target has been shown.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="Requester">Who asks.</param>
/// <param name="Target">Who is asked.</param>
public sealed record OpenRequest(RequestId RequestId, SessionMember Requester, SessionMember Target) : IEntityMessage, IRequestMessage;

/// <summary>The target's answer. Sent by the answering connection, which gets an error where it may not answer.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="UserId">Who answers, as its connection vouches.</param>
/// <param name="Accepted">Yes or no.</param>
public sealed record AnswerRequest(RequestId RequestId, UserId UserId, bool Accepted) : IEntityMessage, IRequestMessage;

/// <summary>One side withdraws. Sent by the requester's connection, or by either side's user when its connection is gone.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="UserId">Who withdraws.</param>
/// <param name="Outcome"><see cref="RequestOutcome.Cancelled"/> or <see cref="RequestOutcome.Offline"/>.</param>
public sealed record WithdrawRequest(RequestId RequestId, UserId UserId, RequestOutcome Outcome) : IEntityMessage, IRequestMessage;
