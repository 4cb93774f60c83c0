namespace PeerSync.Protocol.Peers;

/// <summary>
/// Every error code of the Peers feature. The thousands say what it is about: 1 identity, 2 peers, 3 sessions, 4 delivery, 5 the socket and its
/// messages, 6 connection requests, 9 the server. Codes are never renumbered or given another meaning; reserved ones are sent by no version so far.
/// </summary>
public static class PeersErrorCode
{
    /// <summary>AUTH carried no token, or no AUTH came in time.</summary>
    public const string TokenMissing = "ERR_1001";

    /// <summary>The token was refused.</summary>
    public const string TokenInvalid = "ERR_1002";

    /// <summary>The token has expired.</summary>
    public const string TokenExpired = "ERR_1003";

    /// <summary>Reserved: a permission is lacking.</summary>
    public const string PermissionDenied = "ERR_1004";

    /// <summary>Reserved: authentication is required.</summary>
    public const string AuthenticationRequired = "ERR_1005";

    /// <summary>The identity service cannot be asked at the moment.</summary>
    public const string IdentityServiceUnavailable = "ERR_1006";

    /// <summary>Reserved: the user could not be stored.</summary>
    public const string UserSyncFailed = "ERR_1007";

    /// <summary>Reserved: the sign-in provider is switched off.</summary>
    public const string ProviderDisabled = "ERR_1008";

    /// <summary>The peer is not registered, or is not any more.</summary>
    public const string PeerNotFound = "ERR_2001";

    /// <summary>Reserved: the peer is registered already.</summary>
    public const string AlreadyRegistered = "ERR_2002";

    /// <summary>Reserved: the registration failed.</summary>
    public const string RegistrationFailed = "ERR_2003";

    /// <summary>The status is none of those that exist.</summary>
    public const string StatusInvalid = "ERR_2004";

    /// <summary>The same user signed in on another socket, which replaces this one.</summary>
    public const string Superseded = "ERR_2005";

    /// <summary>The event needs a registration first.</summary>
    public const string NotRegistered = "ERR_2006";

    /// <summary>The peer is in another network.</summary>
    public const string DifferentNetwork = "ERR_2007";

    /// <summary>The session does not exist, or has ended.</summary>
    public const string SessionNotFound = "ERR_3001";

    /// <summary>Reserved: the session exists already.</summary>
    public const string SessionExists = "ERR_3002";

    /// <summary>Reserved: the session could not be made.</summary>
    public const string SessionCreationFailed = "ERR_3003";

    /// <summary>Reserved: joining the session was denied.</summary>
    public const string SessionJoinDenied = "ERR_3004";

    /// <summary>Reserved: the session is full.</summary>
    public const string SessionFull = "ERR_3005";

    /// <summary>Reserved: the session has ended.</summary>
    public const string SessionEnded = "ERR_3006";

    /// <summary>Reserved: the session does not allow the operation.</summary>
    public const string SessionOperationInvalid = "ERR_3007";

    /// <summary>The caller is no member of the session.</summary>
    public const string NotAParticipant = "ERR_3008";

    /// <summary>Reserved: the message's form is wrong.</summary>
    public const string MessageFormatInvalid = "ERR_4001";

    /// <summary>Reserved: the message could not be routed.</summary>
    public const string RoutingFailed = "ERR_4002";

    /// <summary>The peer is registered but cannot be reached.</summary>
    public const string PeerUnreachable = "ERR_4003";

    /// <summary>Reserved: the message belongs to another session.</summary>
    public const string SessionMismatch = "ERR_4004";

    /// <summary>Reserved: the connection failed.</summary>
    public const string ConnectionFailed = "ERR_5001";

    /// <summary>The socket belongs to another user.</summary>
    public const string SocketAuthenticationFailed = "ERR_5002";

    /// <summary>The message is not valid JSON, or its event is unknown.</summary>
    public const string MessageInvalid = "ERR_5003";

    /// <summary>A limit on how often or how many was reached.</summary>
    public const string RateLimited = "ERR_5004";

    /// <summary>The event needs authentication first.</summary>
    public const string NotAuthenticated = "ERR_5005";

    /// <summary>The connection request does not exist, was answered, or has expired.</summary>
    public const string RequestNotFound = "ERR_6001";

    /// <summary>The connection request makes no sense.</summary>
    public const string RequestInvalid = "ERR_6002";

    /// <summary>Reserved: the connection request has expired.</summary>
    public const string RequestExpired = "ERR_6003";

    /// <summary>The connection request is not the caller's to answer or to take back.</summary>
    public const string NotAuthorized = "ERR_6004";

    /// <summary>The server failed in a way it did not expect.</summary>
    public const string InternalError = "ERR_9001";

    /// <summary>The server lacks something it needs at the moment.</summary>
    public const string Unavailable = "ERR_9002";

    /// <summary>A member that the event needs is missing.</summary>
    public const string FieldMissing = "ERR_9003";
}
