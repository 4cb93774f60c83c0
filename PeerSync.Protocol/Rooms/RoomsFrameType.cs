namespace PeerSync.Protocol.Rooms;

/// <summary>What a client's frame is, by its member <c>type</c>. Which of them a form knows is for the form to say.</summary>
public enum RoomsFrameType
{
    /// <summary>There is no <c>type</c>, or it is no text.</summary>
    None,

    /// <summary>A type that no form knows.</summary>
    Unknown,

    /// <summary><c>auth</c>: A, C, D and E.</summary>
    Auth,

    /// <summary><c>create-room</c>: C and E.</summary>
    CreateRoom,

    /// <summary><c>join-room</c>: B, C, D and E.</summary>
    JoinRoom,

    /// <summary><c>leave-room</c>: C, D and E.</summary>
    LeaveRoom,

    /// <summary><c>offer</c>, <c>sdp-offer</c> or <c>webrtc-offer</c>: a session description.</summary>
    Offer,

    /// <summary><c>answer</c>, <c>sdp-answer</c> or <c>webrtc-answer</c>: a session description.</summary>
    Answer,

    /// <summary><c>ice</c>, <c>ice-candidate</c> or <c>webrtc-ice-candidate</c>.</summary>
    Candidate,

    /// <summary><c>chat</c>: A.</summary>
    Chat,

    /// <summary><c>sync</c>: A.</summary>
    Sync,

    /// <summary><c>heartbeat</c>: E.</summary>
    Heartbeat,

    /// <summary><c>ping</c>: D.</summary>
    Ping,

    /// <summary><c>operation</c>: D and E.</summary>
    Operation,

    /// <summary><c>operation-sync-request</c>: C.</summary>
    OperationSyncRequest,

    /// <summary><c>presence</c>: C and E.</summary>
    Presence,

    /// <summary><c>cursor</c>: D; <c>cursor-update</c>: E.</summary>
    Cursor,
}
