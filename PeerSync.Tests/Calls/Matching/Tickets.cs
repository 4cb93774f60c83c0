using PeerSync.Actors.Calls;
using PeerSync.Protocol.Calls;

namespace PeerSync.Tests.Calls.Matching;

/// <summary>Makes tickets.</summary>
internal static class Tickets
{
    internal static Ticket Of(
        string deviceId,
        long queuedAt,
        Func<JoinRequest, JoinRequest>? change = null,
        long ticketId = 1,
        int? rating = null,
        bool isPremium = false,
        string[]? blocked = null,
        params RecentMatch[] recent)
    {
        var join = change is null ? JoinRequest.Default : change(JoinRequest.Default);
        return Ticket.Create(ticketId, deviceId, join, rating, isPremium, null, queuedAt, blocked ?? [], recent);
    }
}
