namespace PeerSync.Protocol.Rooms;

/// <summary>The wire forms of the Rooms feature, of which a connection has one, chosen by its first frames (Rooms contract, section 0).</summary>
public enum RoomsForm
{
    /// <summary>No frame has decided yet.</summary>
    Undecided,

    /// <summary>Form A: <c>from</c> and <c>to</c> at the top of every frame.</summary>
    Lean,

    /// <summary>Form B: enters with <c>join-room</c> alone; flat signal data without a target.</summary>
    Collaboration,

    /// <summary>Form C: token in the authentication's data, <c>webrtc-</c> signals with a target.</summary>
    SyncService,

    /// <summary>Form D: documents and cursors over the server, no signals.</summary>
    Workbench,

    /// <summary>Form E: the one that the product's README documents, with a token.</summary>
    Readme,
}
