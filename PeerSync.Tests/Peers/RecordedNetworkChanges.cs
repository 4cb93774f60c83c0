using System.Collections.Concurrent;
using PeerSync.Host.Peers;
using PeerSync.Storage.Peers;
using PeerSync.Tests.Http;

namespace PeerSync.Tests.Peers;

/// <summary>Remembers what it is told.</summary>
internal sealed class RecordedNetworkChanges : INetworkChanges
{
    private readonly ConcurrentQueue<(string UserId, string? NetworkId)> _seen = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyCollection<(string UserId, string? NetworkId)> Seen => _seen;

    public Task FirstAsync() => _first.Task.WaitAsync(TestTime.Limit);

    public void MembershipChanged(string userId, NetworkRecord? network)
    {
        _seen.Enqueue((userId, network?.Id));
        _first.TrySetResult();
    }
}
