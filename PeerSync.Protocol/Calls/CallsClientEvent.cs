namespace PeerSync.Protocol.Calls;

/// <summary>What a client of the Calls feature asks for (Calls contract, section 5.2).</summary>
public enum CallsClientEvent
{
    /// <summary>None that is known; ignored in silence.</summary>
    Unknown,

    /// <summary><c>join-queue</c></summary>
    JoinQueue,

    /// <summary><c>leave-queue</c></summary>
    LeaveQueue,

    /// <summary><c>send-offer</c></summary>
    SendOffer,

    /// <summary><c>send-answer</c></summary>
    SendAnswer,

    /// <summary><c>send-candidate</c></summary>
    SendCandidate,

    /// <summary><c>send-message</c></summary>
    SendMessage,

    /// <summary><c>send-reaction</c></summary>
    SendReaction,

    /// <summary><c>end-call</c></summary>
    EndCall,

    /// <summary><c>get-match-details</c></summary>
    GetMatchDetails,

    /// <summary><c>connection-status</c></summary>
    ConnectionStatus,
}
