namespace PeerSync.Protocol.Calls;

/// <summary>What <c>moderation-action</c> tells of (Calls contract, section 7).</summary>
public enum CallsSanction
{
    /// <summary>A first message was blocked.</summary>
    Warning,

    /// <summary>A second one was: no chat for an hour.</summary>
    Restriction,

    /// <summary>A further one was: no chat for a day.</summary>
    Ban,

    /// <summary>A message was dropped because of an earlier restriction or ban.</summary>
    Restricted,
}
