namespace PeerSync.Actors.Calls;

/// <summary>A proposed match and who has confirmed it.</summary>
internal sealed class MatchReservation(Match match, MatchEntry first, MatchEntry second, long deadline)
{
    internal Match Match { get; } = match;

    internal MatchEntry First { get; } = first;

    internal MatchEntry Second { get; } = second;

    internal long Deadline { get; } = deadline;

    internal bool IsFirstConfirmed { get; set; }

    internal bool IsSecondConfirmed { get; set; }

    internal bool IsOpen { get; set; } = true;

    internal bool HasConfirmed(MatchEntry entry) => entry == First ? IsFirstConfirmed : IsSecondConfirmed;
}
