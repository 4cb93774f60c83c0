using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Peers;

/// <summary>The recorded exchanges of PeerSync Dev Connect's clients, replayed against the whole server.</summary>
public sealed class TranscriptTests
{
    private const string RealMode = "Peers specification, discovery: connectionMode in lists is the real one";
    private const string ShareWithoutNetwork = "peersync.peers.share-presence-without-network = on";

    [Fact]
    public async Task GoldenPath()
    {
        await using var host = await PeerSyncTestHost.StartAsync(ShareWithoutNetwork);
        await using var transcript = Load(host, "00-golden-path");
        await transcript.ReplayAsync();
    }

    private static Transcript Load(PeerSyncTestHost host, string name)
    {
        var transcript = Transcript.Load(host, name);
        foreach (var user in new[] { "alice", "bob", "carol", "dave" })
        {
            var id = Guid.NewGuid().ToString();
            var displayName = char.ToUpperInvariant(user[0]) + user[1..];
            transcript.Bind(user + "Id", id).Bind(user + "Token", host.Token(id, displayName, $"{user}@example.test"));
        }

        return transcript;
    }
}
