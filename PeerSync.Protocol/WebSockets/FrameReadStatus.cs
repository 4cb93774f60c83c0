namespace PeerSync.Protocol.WebSockets;

/// <summary>What came of reading a frame header.</summary>
public enum FrameReadStatus
{
    /// <summary>The header is complete and valid.</summary>
    Ok,

    /// <summary>What is there is valid, but more bytes are needed.</summary>
    NeedMoreData,

    /// <summary>No continuation of these bytes is a valid client frame: close with <see cref="WebSocketCloseCode.ProtocolError"/>.</summary>
    ProtocolError,
}
