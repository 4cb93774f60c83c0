namespace PeerSync.Protocol.Calls;

/// <summary>How bad a chat message is (Calls contract, section 7).</summary>
public enum CallsSeverity
{
    /// <summary>Nothing was found.</summary>
    None,

    /// <summary>Delivered; worth a line in the log.</summary>
    Low,

    /// <summary>Delivered, and its sender is warned.</summary>
    Medium,

    /// <summary>Not delivered; counts as a strike.</summary>
    High,
}
