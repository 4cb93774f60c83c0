namespace PeerSync.Protocol.Sharing;

/// <summary>How the reading of a body ended.</summary>
public enum ShareReadStatus
{
    /// <summary>It is as it should be.</summary>
    Read,

    /// <summary>It is not JSON, not of the right shape, or has text that cannot be kept.</summary>
    Invalid,

    /// <summary>It has more wrapped keys than are allowed.</summary>
    TooManyWraps,
}
