namespace PeerSync.Actors.Calls;

/// <summary>How far a ticket's rules are relaxed. Only ever grows while it waits.</summary>
public enum MatchRelaxation
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>It is urgent: it goes before others, and meets the queue types casual, serious and gaming whichever of them is its own.</summary>
    Urgent,

    /// <summary>It also meets recent partners again who are as far, when nobody else is there.</summary>
    Rematch,
}
