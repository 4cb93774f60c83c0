namespace PeerSync.Protocol.Sharing.Resp;

/// <summary>How reading a command ended.</summary>
public enum RespReadStatus
{
    /// <summary>The bytes end before the command does.</summary>
    NeedMoreData,

    /// <summary>A command.</summary>
    Complete,

    /// <summary>No command can follow in these bytes; the connection ends after the error has been told.</summary>
    ProtocolError,
}
