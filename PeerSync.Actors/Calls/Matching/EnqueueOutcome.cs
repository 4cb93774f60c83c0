namespace PeerSync.Actors.Calls;

/// <summary>What became of a ticket that was given to a pool.</summary>
public enum EnqueueOutcome
{
    /// <summary>It waits.</summary>
    Added,

    /// <summary>It waits in the place of an older one of the device, with that one's time.</summary>
    Replaced,

    /// <summary>The device waits already with the same wish; the ticket's id is taken over and nothing else.</summary>
    Unchanged,

    /// <summary>The device has been proposed a match and nothing changes before that is settled.</summary>
    Reserved,
}
