using System.Collections.Concurrent;
using PeerSync.Host.Peers;
using PeerSync.Storage.Peers;

namespace PeerSync.Tests.Peers;

/// <summary>Remembers what it is told.</summary>
internal sealed class RecordedNetworkChanges : INetworkChanges
{
    private readonly ConcurrentQueue<(string UserId, string? NetworkId)> _seen = new();

    public IReadOnlyCollection<(string UserId, string? NetworkId)> Seen => _seen;

    public void MembershipChanged(string userId, NetworkRecord? network) => _seen.Enqueue((userId, network?.Id));
}
