namespace PeerSync.Actors.Calls;

/// <summary>Is told what happens in a <see cref="MatchPool"/>, in the order in which it happens and within the call that causes it.</summary>
/// <remarks>Must not call the pool.</remarks>
public interface IMatchPoolEvents
{
    /// <summary>A ticket waits; comes before a match of it.</summary>
    /// <param name="ticket">With the time from which it really counts.</param>
    /// <param name="outcome">Whether it is new.</param>
    /// <param name="position">From 1, in the order of waiting.</param>
    /// <param name="poolSize">How many wait, this one included.</param>
    void Queued(Ticket ticket, EnqueueOutcome outcome, int position, int poolSize);

    /// <summary>Two tickets fit; both are reserved until both devices have confirmed.</summary>
    void Proposed(Match match);

    /// <summary>Both devices have confirmed; their tickets are gone.</summary>
    void Confirmed(Match match);

    /// <summary>The other side of a proposed match is gone; the ticket waits again, at its old place.</summary>
    void Returned(Ticket ticket, Match match);

    /// <summary>A device did not confirm in time; its ticket is gone.</summary>
    void Dropped(Ticket ticket, Match match);
}
