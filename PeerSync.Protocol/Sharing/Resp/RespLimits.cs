namespace PeerSync.Protocol.Sharing.Resp;

/// <summary>What a client may send at most (Sharing contract, section 6.1).</summary>
public static class RespLimits
{
    /// <summary>Words of a command.</summary>
    public const int MaxBulks = 64;

    /// <summary>Bytes of a word.</summary>
    public const int MaxBulkLength = 64 * 1024;

    /// <summary>Bytes of a command as sent: two of the longest words, so that many long ones do not pile up.</summary>
    public const int MaxCommandLength = 2 * (MaxBulkLength + 16);
}
