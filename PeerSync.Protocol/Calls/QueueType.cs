namespace PeerSync.Protocol.Calls;

/// <summary>What somebody wants to talk for.</summary>
public enum QueueType
{
    /// <summary>Nothing in particular.</summary>
    Casual,

    /// <summary>Something serious.</summary>
    Serious,

    /// <summary>Practising languages.</summary>
    Language,

    /// <summary>Games.</summary>
    Gaming,
}
