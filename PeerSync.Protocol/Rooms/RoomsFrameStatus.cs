namespace PeerSync.Protocol.Rooms;

/// <summary>What reading a frame came to.</summary>
public enum RoomsFrameStatus
{
    /// <summary>It is a JSON object.</summary>
    Ok,

    /// <summary>It is not JSON, not UTF-8, or the value <c>null</c>.</summary>
    Invalid,

    /// <summary>It is another JSON value.</summary>
    NotAnObject,
}
