namespace PeerSync.Protocol.Calls;

/// <summary>The names of the events of the Calls feature on the wire.</summary>
public static class CallsEventNames
{
    /// <summary>The socket is authenticated.</summary>
    public const string Connected = "connected";

    /// <summary>The device waits for a partner.</summary>
    public const string QueueJoined = "queue-joined";

    /// <summary>How the wait goes on.</summary>
    public const string QueueUpdate = "queue-update";

    /// <summary>The device does not wait any more.</summary>
    public const string QueueLeft = "queue-left";

    /// <summary>A partner was found.</summary>
    public const string Matched = "matched";

    /// <summary>A chat message of the partner.</summary>
    public const string Message = "message";

    /// <summary>A reaction of the partner.</summary>
    public const string Reaction = "reaction";

    /// <summary>The partner is gone.</summary>
    public const string PeerDisconnected = "peer-disconnected";

    /// <summary>The answer to <c>end-call</c>.</summary>
    public const string CallEnded = "call-ended";

    /// <summary>The answer to <c>get-match-details</c>.</summary>
    public const string MatchDetails = "match-details";

    /// <summary>A refusal.</summary>
    public const string Error = "error";

    /// <summary>An argument that broke a rule, or a fault of the server.</summary>
    public const string Exception = "exception";

    /// <summary>A message was passed on, but should have been worded otherwise.</summary>
    public const string ModerationWarning = "moderation-warning";

    /// <summary>A message was not passed on.</summary>
    public const string ModerationAction = "moderation-action";

    /// <summary>The client event of a name; exact, as the original compares.</summary>
    public static CallsClientEvent Parse(string name) => name switch
    {
        "join-queue" => CallsClientEvent.JoinQueue,
        "leave-queue" => CallsClientEvent.LeaveQueue,
        "send-offer" => CallsClientEvent.SendOffer,
        "send-answer" => CallsClientEvent.SendAnswer,
        "send-candidate" => CallsClientEvent.SendCandidate,
        "send-message" => CallsClientEvent.SendMessage,
        "send-reaction" => CallsClientEvent.SendReaction,
        "end-call" => CallsClientEvent.EndCall,
        "get-match-details" => CallsClientEvent.GetMatchDetails,
        "connection-status" => CallsClientEvent.ConnectionStatus,
        _ => CallsClientEvent.Unknown,
    };

    /// <summary>The name of a client event; empty for <see cref="CallsClientEvent.Unknown"/>.</summary>
    public static string Of(CallsClientEvent known) => known switch
    {
        CallsClientEvent.JoinQueue => "join-queue",
        CallsClientEvent.LeaveQueue => "leave-queue",
        CallsClientEvent.SendOffer => "send-offer",
        CallsClientEvent.SendAnswer => "send-answer",
        CallsClientEvent.SendCandidate => "send-candidate",
        CallsClientEvent.SendMessage => "send-message",
        CallsClientEvent.SendReaction => "send-reaction",
        CallsClientEvent.EndCall => "end-call",
        CallsClientEvent.GetMatchDetails => "get-match-details",
        CallsClientEvent.ConnectionStatus => "connection-status",
        _ => string.Empty,
    };

    /// <summary>The event by which a partner gets a signal, which is also the name of the member that carries it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The event carries no signal.</exception>
    public static string Signal(CallsClientEvent sent) => sent switch
    {
        CallsClientEvent.SendOffer => "offer",
        CallsClientEvent.SendAnswer => "answer",
        CallsClientEvent.SendCandidate => "candidate",
        _ => throw new ArgumentOutOfRangeException(nameof(sent), sent, "The event carries no signal."),
    };
}
