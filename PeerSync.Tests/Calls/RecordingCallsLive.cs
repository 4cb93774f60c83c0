using System.Collections.Concurrent;
using PeerSync.Actors.Calls;
using PeerSync.Storage.Calls;

namespace PeerSync.Tests.Calls;

/// <summary>A live side with one call, which notes what it is told.</summary>
internal sealed class RecordingCallsLive : ICallsLive
{
    public ConcurrentQueue<string> Told { get; } = [];

    public string SessionId { get; } = Guid.NewGuid().ToString();

    public IReadOnlyList<CallsEvidenceLine> Lines { get; } =
        [new("bob", "rude words", DateTimeOffset.FromUnixTimeMilliseconds(1_000)), new("alice", "stop it", DateTimeOffset.FromUnixTimeMilliseconds(2_000))];

    public Task<CallsEvidence?> FindEvidenceAsync(string sessionId, string deviceId, CancellationToken cancellationToken) => Task.FromResult(
        sessionId != SessionId ? null : deviceId switch { "alice" => new CallsEvidence("bob", Lines), "bob" => new CallsEvidence("alice", Lines), _ => null });

    public void Blocked(string blocker, string blocked) => Told.Enqueue($"{blocker} blocks {blocked}");

    public void Unblocked(string blocker, string blocked) => Told.Enqueue($"{blocker} unblocks {blocked}");

    public void Banned(string deviceId) => Told.Enqueue($"{deviceId} is banned");
}
