namespace PeerSync.Protocol.Peers;

/// <summary>One error as a client sees it. Every error that the server sends is a member of this type.</summary>
/// <param name="Code">One of <see cref="PeersErrorCode"/>.</param>
/// <param name="Message">For people; clients may show it, so its wording is part of the wire format.</param>
public sealed record PeersError(string Code, string Message)
{
    /// <summary>AUTH_FAILED: there was no token; close 4001 follows.</summary>
    public static PeersError TokenMissing { get; } = new(PeersErrorCode.TokenMissing, "Authentication token is required");

    /// <summary>ERROR: no AUTH came in time; close 4001 follows.</summary>
    public static PeersError AuthenticationTimeout { get; } = new(PeersErrorCode.TokenMissing, "Authentication timeout");

    /// <summary>AUTH_FAILED: the token was refused; close 4001 follows.</summary>
    public static PeersError TokenInvalid { get; } = new(PeersErrorCode.TokenInvalid, "ERR_AUTH_INVALID");

    /// <summary>AUTH_FAILED: the token has expired; close 4001 follows.</summary>
    public static PeersError TokenExpired { get; } = new(PeersErrorCode.TokenExpired, "ERR_AUTH_EXPIRED");

    /// <summary>ERROR: the token cannot be verified at the moment; close 1013 follows, after which clients try again.</summary>
    public static PeersError IdentityServiceUnavailable { get; } =
        new(PeersErrorCode.IdentityServiceUnavailable, "Identity service is temporarily unavailable");

    /// <summary>ERROR: the target of a connection request is not registered.</summary>
    public static PeersError TargetNotFound { get; } = new(PeersErrorCode.PeerNotFound, "Target peer not found");

    /// <summary>ERROR: SET_STATUS named no status that exists.</summary>
    public static PeersError StatusInvalid { get; } = new(PeersErrorCode.StatusInvalid, "status must be online, away or busy");

    /// <summary>ERROR: the same user signed in elsewhere; close 4002 follows.</summary>
    public static PeersError Superseded { get; } = new(PeersErrorCode.Superseded, "New connection established from another client");

    /// <summary>ERROR: the event needs a registration first.</summary>
    public static PeersError NotRegistered { get; } = new(PeersErrorCode.NotRegistered, "Must register first");

    /// <summary>ERROR: the target of a connection request is in another network.</summary>
    public static PeersError DifferentNetwork { get; } = new(PeersErrorCode.DifferentNetwork, "Peer is not in your network");

    /// <summary>ERROR: the session does not exist.</summary>
    public static PeersError SessionNotFound { get; } = new(PeersErrorCode.SessionNotFound, "Session not found");

    /// <summary>ERROR: the session is not the caller's.</summary>
    public static PeersError NotAParticipant { get; } = new(PeersErrorCode.NotAParticipant, "Not a session participant");

    /// <summary>ERROR: AUTH named another user than the one the socket belongs to; close 1008 follows.</summary>
    public static PeersError DifferentUser { get; } = new(PeersErrorCode.SocketAuthenticationFailed, "Already authenticated as another user");

    /// <summary>ERROR: the message is not a JSON object.</summary>
    public static PeersError InvalidJson { get; } = new(PeersErrorCode.MessageInvalid, "Invalid JSON");

    /// <summary>ERROR: the client does something too often.</summary>
    public static PeersError RateLimited { get; } = new(PeersErrorCode.RateLimited, "Rate limit exceeded");

    /// <summary>ERROR: the client has too many connection requests open.</summary>
    public static PeersError TooManyRequests { get; } = new(PeersErrorCode.RateLimited, "Too many open requests");

    /// <summary>A request was made by or to a user who has as many sessions as one may have.</summary>
    public static PeersError TooManySessions { get; } = new(PeersErrorCode.RateLimited, "Too many open sessions");

    /// <summary>ERROR: the event needs authentication first.</summary>
    public static PeersError NotAuthenticated { get; } = new(PeersErrorCode.NotAuthenticated, "Must authenticate first");

    /// <summary>ERROR: the request being answered or taken back does not exist.</summary>
    public static PeersError RequestNotFound { get; } = new(PeersErrorCode.RequestNotFound, "Request not found or expired");

    /// <summary>ERROR: the target of a connection request is the caller.</summary>
    public static PeersError SelfRequest { get; } = new(PeersErrorCode.RequestInvalid, "Cannot request a connection to yourself");

    /// <summary>ERROR: the request is not the caller's to answer or to take back.</summary>
    public static PeersError NotAuthorized { get; } = new(PeersErrorCode.NotAuthorized, "Not authorized");

    /// <summary>ERROR: the server failed in a way it did not expect; the socket stays usable.</summary>
    public static PeersError InternalError { get; } = new(PeersErrorCode.InternalError, "Internal error");

    /// <summary>ERROR: the server lacks something it needs at the moment.</summary>
    public static PeersError Unavailable { get; } = new(PeersErrorCode.Unavailable, "Service is temporarily unavailable");

    /// <summary>ERROR: CONNECTION_REQUEST without a target.</summary>
    public static PeersError TargetIdMissing { get; } = new(PeersErrorCode.FieldMissing, "targetId is required");

    /// <summary>ERROR: CONNECTION_RESPONSE without a request or a clear answer.</summary>
    public static PeersError ResponseFieldsMissing { get; } = new(PeersErrorCode.FieldMissing, "requestId and accepted required");

    /// <summary>ERROR: CONNECTION_CANCEL without a request.</summary>
    public static PeersError RequestIdMissing { get; } = new(PeersErrorCode.FieldMissing, "requestId is required");

    /// <summary>ERROR: SEND_MESSAGE or SESSION_END without a session.</summary>
    public static PeersError SessionIdMissing { get; } = new(PeersErrorCode.FieldMissing, "sessionId is required");

    /// <summary>ERROR: the event is unknown.</summary>
    /// <param name="name">The event's name as <see cref="PeersEnvelope.UnknownName"/> gives it.</param>
    public static PeersError UnknownEvent(string name) => new(PeersErrorCode.MessageInvalid, $"Unknown event: {name}");
}
