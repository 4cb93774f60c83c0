using System.Globalization;
using PeerSync.Actors.Calls;

namespace PeerSync.Tests.Calls.Matching;

/// <summary>Writes down what a pool tells.</summary>
internal sealed class PoolLog : IMatchPoolEvents
{
    internal List<string> Lines { get; } = [];

    internal List<Match> Matches { get; } = [];

    /// <summary>The lines since the last time.</summary>
    internal string[] Take()
    {
        string[] lines = [.. Lines];
        Lines.Clear();
        return lines;
    }

    public void Queued(Ticket ticket, EnqueueOutcome outcome, int position, int poolSize) =>
        Add($"{outcome} {ticket.DeviceId} since {ticket.QueuedAt}: {position} of {poolSize}");

    public void Proposed(Match match)
    {
        Matches.Add(match);
        Add($"proposed {match.SessionId}: {match.First.DeviceId} and {match.Second.DeviceId}, {match.Score} [{string.Join(',', match.CommonInterests)}]");
    }

    public void Confirmed(Match match) => Add($"confirmed {match.SessionId}");

    public void Returned(Ticket ticket, Match match) => Add($"returned {ticket.DeviceId} from {match.SessionId}");

    public void Dropped(Ticket ticket, Match match) => Add($"dropped {ticket.DeviceId} from {match.SessionId}");

    private void Add(FormattableString line) => Lines.Add(line.ToString(CultureInfo.InvariantCulture));
}
